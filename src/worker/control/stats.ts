import { maskUrl } from '../../base/index.js';
import type { CommandContext } from './command.js';

/** The answer to `stats`, under Celery's names. */
export function stats({ app, worker }: CommandContext): object {
  const { counts, pid, state, steps } = worker.info();
  const { consumer, pool, autoscaler } = steps;
  return {
    total: counts.total,
    pid,
    clock: String(app.lamport.value),
    uptime: Math.round(process.uptime()),
    pool: pool ?? {},
    ...(autoscaler !== undefined && { autoscaler }),
    broker: broker(app.conf),
    prefetch_count: consumer?.prefetch_count ?? 0,
    rusage: rusage(),
    state,
    loop: steps.loop ?? {},
    outcomes: counts.outcomes,
    quarantined: counts.quarantined,
    duplicates: counts.duplicates,
    lost: counts.lost,
  };
}

type Conf = CommandContext['app']['conf'];

/** kombu's `Connection.info()`, of the first broker of several. */
function broker(conf: Conf): object {
  const [first = '', ...others] = String(conf.broker_url ?? `${conf.broker_transport ?? 'amqp'}://`).split(
    ';',
  );
  const url = URL.canParse(first) ? new URL(first) : undefined;
  const [transport = ''] = first.split('://');
  return {
    hostname: url?.hostname || null,
    userid: url ? decodeURIComponent(url.username) || null : null,
    virtual_host: url ? decodeURIComponent(url.pathname.slice(1)) || '/' : null,
    port: url?.port ? Number(url.port) : (PORTS[transport] ?? null),
    insist: false,
    ssl: conf.broker_use_ssl !== false && conf.broker_use_ssl !== null,
    transport,
    connect_timeout: conf.broker_connection_timeout,
    transport_options: conf.broker_transport_options,
    login_method: conf.broker_login_method ?? (transport.includes('amqp') ? 'PLAIN' : null),
    uri_prefix: null,
    heartbeat: conf.broker_heartbeat,
    failover_strategy: conf.broker_failover_strategy ?? 'round-robin',
    alternates: others.map(maskUrl),
    credential_provider: null,
  };
}

const PORTS: Readonly<Record<string, number>> = {
  amqp: 5672,
  amqps: 5671,
  pyamqp: 5672,
  redis: 6379,
  rediss: 6379,
};

function rusage(): object {
  const { userCPUTime, systemCPUTime, maxRSS, ...rest } = process.resourceUsage();
  return {
    utime: userCPUTime / 1e6,
    stime: systemCPUTime / 1e6,
    maxrss: maxRSS,
    ixrss: rest.sharedMemorySize,
    idrss: rest.unsharedDataSize,
    isrss: rest.unsharedStackSize,
    minflt: rest.minorPageFault,
    majflt: rest.majorPageFault,
    nswap: rest.swappedOut,
    inblock: rest.fsRead,
    oublock: rest.fsWrite,
    msgsnd: rest.ipcSent,
    msgrcv: rest.ipcReceived,
    nsignals: rest.signalsCount,
    nvcsw: rest.voluntaryContextSwitches,
    nivcsw: rest.involuntaryContextSwitches,
  };
}
