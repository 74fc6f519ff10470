import { parseRedisUrl, RESULTS, type RedisAddress } from '../../redis/index.js';

/**
 * The address in `result_backend`. What a URL of one server leaves out (`redis://` leaves out all) is as `redis_host`, `redis_port`,
 * `redis_db`, `redis_username` and `redis_password` say, as in Celery. Throws CONFIG_INVALID.
 */
export function resultAddress(url: string, settings: Readonly<Record<string, unknown>>): RedisAddress {
  const address = parseRedisUrl(url, RESULTS);
  const { redis_username: username, redis_password: password } = settings;
  const login = {
    ...(address.username === undefined && typeof username === 'string' && { username }),
    ...(address.password === undefined && typeof password === 'string' && { password }),
  };
  if (address.kind !== 'server') return { ...address, ...login };
  const [, host = '', port = '', db = ''] =
    /^[^:]+:\/\/(?:[^/?#]*@)?(\[[^\]]*\]|[^:/?#]*)(:\d+)?\/?([^?#]*)/.exec(url) ?? [];
  const [first] = address.hosts;
  const { redis_host, redis_port, redis_db } = settings;
  const at = {
    host: host === '' && typeof redis_host === 'string' ? redis_host : first.host,
    port: port === '' && typeof redis_port === 'number' ? redis_port : first.port,
  };
  const named = db !== '' || /[?&](virtual_host|db)=/.test(url);
  return {
    ...address,
    ...login,
    hosts: [at],
    db: !named && typeof redis_db === 'number' ? redis_db : address.db,
    shown: host === '' && address.path === undefined ? `redis://${at.host}:${at.port}` : address.shown,
  };
}
