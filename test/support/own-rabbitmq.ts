import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const BIN = '/usr/lib/rabbitmq/bin';

/** True when a node of a test's own can be started here. */
export const canStartRabbitmq = (): boolean => existsSync(join(BIN, 'rabbitmq-server'));
export const NO_OWN_RABBITMQ = `needs rabbitmq-server in ${BIN}`;

export interface OwnRabbitmqOptions {
  /** Lines of rabbitmq.conf. */
  readonly conf?: readonly string[];
  /** advanced.config, an Erlang term. */
  readonly advanced?: string;
  /** Plugins beside none. */
  readonly plugins?: readonly string[];
  /** Listens with TLS too. */
  readonly tls?: {
    readonly ca: string;
    readonly cert: string;
    readonly key: string;
    readonly verify?: boolean;
  };
}

/** A RabbitMQ node of a test's own, for tests that break or configure it. */
export interface OwnRabbitmq {
  readonly url: string;
  readonly port: number;
  readonly tlsPort: number;
  /** The virtual machine, as `rabbitmqctl` reaches it. */
  ctl(...args: readonly string[]): Promise<string>;
  /** Ends it as a crash would; its data stays. */
  kill(): Promise<void>;
  /** Starts it again on the same ports; resolves when it answers. */
  start(): Promise<void>;
  /** Stops the process without ending it, as a frozen machine; `thaw` lets it go on. */
  freeze(): void;
  thaw(): void;
  remove(): Promise<void>;
}

export async function startRabbitmq(options: OwnRabbitmqOptions = {}): Promise<OwnRabbitmq> {
  const home = await mkdtemp(join(tmpdir(), 'own-rabbitmq-'));
  const [port = 0, tlsPort = 0, distribution = 0, epmd = 0] = await freePorts(4);
  await mkdir(join(home, 'data'));
  await writeFile(join(home, 'rabbitmq.conf'), confOf(port, tlsPort, options));
  await writeFile(join(home, 'advanced.config'), options.advanced ?? '[].');
  await writeFile(join(home, 'plugins'), `[${(options.plugins ?? []).join(',')}].`);
  const env = {
    ...process.env,
    HOME: home,
    RABBITMQ_NODENAME: `own-${port}@localhost`,
    RABBITMQ_DIST_PORT: String(distribution),
    ERL_EPMD_PORT: String(epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_MNESIA_BASE: join(home, 'data'),
    RABBITMQ_LOG_BASE: join(home, 'log'),
    RABBITMQ_CONFIG_FILE: join(home, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(home, 'advanced.config'),
    RABBITMQ_CONF_ENV_FILE: join(home, 'none'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'plugins'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none',
  };
  let server: ChildProcess | undefined;
  const signal = (name: NodeJS.Signals): void => {
    // The whole group: the virtual machine is a child of the start script.
    if (server?.pid !== undefined) process.kill(-server.pid, name);
  };
  const start = async (): Promise<void> => {
    server = spawn(join(BIN, 'rabbitmq-server'), { env, detached: true, stdio: 'ignore' });
    const ended = once(server, 'exit').then(() => {
      throw new Error('the RabbitMQ node ended while it started');
    });
    ended.catch(() => {});
    await Promise.race([answers(port), ended]);
  };
  const kill = async (): Promise<void> => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    signal('SIGKILL');
    await ended;
  };
  await start();
  return {
    url: `amqp://guest:guest@127.0.0.1:${port}/`,
    port,
    tlsPort,
    ctl: async (...args) => (await run(join(BIN, 'rabbitmqctl'), args, { env })).stdout,
    kill,
    start,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    remove: async () => {
      await kill();
      const mayKill = { ...env, ERL_EPMD_RELAXED_COMMAND_CHECK: '1' };
      // It refuses until it has noticed that the node is gone.
      for (let tries = 0; tries < 20; tries += 1) {
        const ended = await run('epmd', ['-port', String(epmd), '-kill'], { env: mayKill }).then(
          ({ stdout }) => !stdout.includes('not allowed'),
          () => false,
        );
        if (ended) break;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await rm(home, { recursive: true, force: true });
    },
  };
}

function confOf(port: number, tlsPort: number, { conf = [], tls }: OwnRabbitmqOptions): string {
  const secure =
    tls === undefined
      ? []
      : [
          `listeners.ssl.1 = 127.0.0.1:${tlsPort}`,
          `ssl_options.cacertfile = ${tls.ca}`,
          `ssl_options.certfile = ${tls.cert}`,
          `ssl_options.keyfile = ${tls.key}`,
          `ssl_options.verify = ${tls.verify ? 'verify_peer' : 'verify_none'}`,
          `ssl_options.fail_if_no_peer_cert = ${tls.verify ? 'true' : 'false'}`,
        ];
  return [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    'disk_free_limit.absolute = 50MB',
    ...secure,
    ...conf,
    '',
  ].join('\n');
}

/** A broker greets nobody before it serves: an open port that answers a protocol header is up. */
async function answers(port: number): Promise<void> {
  for (;;) {
    const up = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('AMQP\0\0\x09\x01'));
      socket.on('data', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
      socket.on('close', () => resolve(false));
    });
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
