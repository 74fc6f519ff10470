import { TimeDelta, ToolboxError } from '../../base/index.js';
import { defaultSerializers } from '../../serialization/index.js';
import type { ResultBackendFactory } from '../result-backend.js';
import { RpcResultBackend } from './rpc-result-backend.js';

/** For `rpc://`: results travel over the app's broker. */
export const createRpcResultBackend: ResultBackendFactory = async (context) => {
  const { options, serializers = defaultSerializers(), messaging, clock, logger } = context;
  if (messaging === undefined) throw new ToolboxError('CONFIG_INVALID', 'rpc:// needs the broker of an app');
  const { result_expires: age, result_serializer: serializer, result_accept_content: accept } = options;
  const expires = age instanceof TimeDelta ? age.milliseconds / 1000 : Number(age ?? 0);
  const name = typeof serializer === 'string' ? serializer : 'json';
  return new RpcResultBackend({
    ...messaging,
    serializers,
    serializer: name,
    accept: Array.isArray(accept) ? (accept as string[]) : ['json', name],
    persistent: options.result_persistent === true,
    expires,
    clock,
    logger,
  });
};
