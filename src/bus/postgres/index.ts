import type { BusFactory } from '../bus.js';
import { PostgresBus } from './postgres-bus.js';
import { TextCodec } from './text-codec.js';

export { grantBusSql } from './grants.js';

/** For the URLs of PostgreSQL that `result_backend` takes. */
export const createPostgresBus: BusFactory = async (context) => {
  const { serializers, settings, logger } = context;
  const bus = new PostgresBus(context, {
    commands: await TextCodec.of(serializers, settings.task_serializer, logger),
    events: await TextCodec.of(serializers, settings.event_serializer, logger),
  });
  try {
    await bus.connect();
    return bus;
  } catch (error) {
    await bus.close();
    throw error;
  }
};
