import { afterAll, beforeAll } from 'vitest';
import { type SqsServer, startSqsServer } from '../../../src/embedded/sqs/index.js';
import { Celery, Config } from '../../../src/index.js';
import { freshDatabase } from '../../support/postgres.js';
import { cli, type Ended, type Running, start } from './cli.js';
import { ECHO } from './echo.js';

/** An SQS server and a migrated database of one test file, and command lines that work on them. */
export interface SqsSystem {
  readonly sqs: SqsServer;
  /** A superuser's URL. */
  readonly database: string;
  readonly env: Readonly<Record<string, string>>;
  run(...args: readonly string[]): Promise<Ended>;
  /** Sends a task from this process, which is quicker than a command line; gives its id. */
  send(task: string, ...args: readonly unknown[]): Promise<string>;
  /** Starts a service and waits until it is ready; killed at the end of the file. */
  serve(...args: readonly string[]): Promise<Running>;
  /** The same with further variables. */
  serveWith(extra: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Running>;
}

/** Call it at the top of an async `describe`. */
export async function sqsSystem(options: Readonly<Record<string, unknown>> = {}): Promise<SqsSystem> {
  const database = await freshDatabase();
  const sqs = await startSqsServer();
  const services: Running[] = [];
  const transport = { region: 'us-east-1', queue_name_prefix: 't-', wait_time_seconds: 1, ...options };
  const env = {
    WORKERTOOLBOX_APP: ECHO,
    WORKERTOOLBOX_BROKER: `sqs://key:secret@127.0.0.1:${sqs.port}`,
    WORKERTOOLBOX_RESULT_BACKEND: `db+${database}`,
    CELERY_BROKER_TRANSPORT_OPTIONS: JSON.stringify(transport),
  };
  const app = new Celery('tests').configFromObject(
    new Config({ broker_url: env.WORKERTOOLBOX_BROKER, broker_transport_options: transport }, {}),
  );
  beforeAll(async () => {
    const { code, err } = await cli(['migrate', '--database', database]);
    if (code !== 0) throw new Error(err);
  });
  afterAll(async () => {
    for (const one of services) one.kill('SIGKILL');
    await Promise.all([...services.map(({ ended }) => ended), app.close()]);
    await sqs.close();
  });
  const serveWith = async (
    extra: Readonly<Record<string, string>>,
    ...args: readonly string[]
  ): Promise<Running> => {
    const service = start(args, { env: { ...env, ...extra } });
    services.push(service);
    await service.line(/INFO\/echo\] ready/);
    return service;
  };
  return {
    sqs,
    database,
    env,
    run: (...args) => cli(args, { env }),
    send: async (task, ...args) => (await app.send({ task, args, kwargs: {}, options: {} })).id,
    serve: (...args) => serveWith({}, ...args),
    serveWith,
  };
}
