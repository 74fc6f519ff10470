import { maskUrl, ToolboxError } from '../base/index.js';
import { BROKER, type RedisPurpose } from './redis-purpose.js';

/** Where a Redis is, or the sentinels or cluster nodes that know. */
export interface RedisAddress {
  readonly kind: 'server' | 'sentinel' | 'cluster';
  readonly tls: boolean;
  /** More than one only for sentinels and clusters. */
  readonly hosts: readonly [HostAndPort, ...HostAndPort[]];
  /** A socket file in place of a host. */
  readonly path?: string;
  readonly username?: string;
  readonly password?: string;
  readonly db: number;
  /** Transport options in the query of the URL; those of the settings win. */
  readonly query: Readonly<Record<string, string>>;
  /** Password masked. */
  readonly shown: string;
}

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

interface Scheme {
  readonly kind: RedisAddress['kind'];
  readonly port: number;
  readonly tls?: boolean;
  readonly file?: boolean;
}

const SCHEMES: ReadonlyMap<string, Scheme> = new Map([
  ['redis', { kind: 'server', port: 6379 }],
  ['rediss', { kind: 'server', port: 6379, tls: true }],
  ['sentinel', { kind: 'sentinel', port: 26379 }],
  ['rediscluster', { kind: 'cluster', port: 6379 }],
  ['unix', { kind: 'server', port: 0, file: true }],
  ['redis+socket', { kind: 'server', port: 0, file: true }],
]);
const EXPECTED = [...SCHEMES.keys()].map((scheme) => `${scheme}://`).join(', ');

/**
 * Reads a URL as kombu does: `redis://user:password@host:port/db`, `rediss://` for TLS,
 * `sentinel://host:port;sentinel://host:port/db`, `redis+socket:///file?virtual_host=db` or `unix:///file?db=db`; and
 * `rediscluster://host:port;rediscluster://host:port`. No host means this machine, no database 0; user and password are
 * percent-decoded. Throws CONFIG_INVALID.
 */
export function parseRedisUrl(url: string, purpose: RedisPurpose = BROKER): RedisAddress {
  const whole = { url, purpose };
  const parts = url
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => parseOne(part, whole));
  const [first, ...others] = parts;
  if (first === undefined) throw invalid(whole, 'it is empty');
  const { kind, tls = false, file } = first.scheme;
  if (others.length > 0 && kind === 'server') {
    throw invalid(whole, 'one address is expected; several are for sentinel:// and rediscluster://');
  }
  // kombu's users write the database and the password with the last address as well as with the first.
  const named = parts.find(({ password }) => password !== undefined) ?? first;
  const { virtual_host: host, db: number, ...query } = first.query;
  const db = parts.find(({ path }) => path !== '')?.path ?? '';
  return {
    kind,
    tls,
    query,
    hosts: [first.at, ...others.map(({ at }) => at)],
    ...(file === true ? { path: first.path } : {}),
    db: database((file === true ? '' : db) || (host ?? number ?? ''), whole),
    ...(named.username === undefined ? {} : { username: named.username }),
    ...(named.password === undefined ? {} : { password: named.password }),
    shown: maskUrl(url),
  };
}

interface Part {
  readonly scheme: Scheme;
  readonly at: HostAndPort;
  /** What follows the host, without the leading slash of a database. */
  readonly path: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly query: Readonly<Record<string, string>>;
}

/** The URL as a whole, for errors, and the setting it is in. */
interface Whole {
  readonly url: string;
  readonly purpose: RedisPurpose;
}

function parseOne(text: string, whole: Whole): Part {
  const [, name = '', rest = ''] = /^([a-z+]+):\/\/(.*)$/i.exec(text) ?? [];
  const scheme = SCHEMES.get(name.toLowerCase());
  if (scheme === undefined) throw invalid(whole, `expected one of ${EXPECTED}`);
  const [, authority = '', tail = ''] = /^([^/?#]*)(.*)$/.exec(rest) ?? [];
  const userinfo = authority.slice(0, authority.lastIndexOf('@') + 1);
  const host = authority.slice(userinfo.length);
  let parsed: URL;
  try {
    // `http` makes the authority part special, so that ports and hosts are checked.
    parsed = new URL(
      `http://${userinfo}${host === '' || host.startsWith(':') ? `localhost${host}` : host}${tail}`,
    );
  } catch {
    throw invalid(whole, `expected ${name}://user:password@host:port/db; encode special characters with %`);
  }
  // The URL class drops port 80 as its scheme's own.
  const own = parsed.port === '' && /:80$/.test(host) ? 80 : Number(parsed.port);
  const path = decode(parsed.pathname, whole);
  return {
    scheme,
    at: {
      host: localhost(parsed.hostname.replace(/^\[|\]$/g, ''), scheme.tls),
      port: own || scheme.port,
    },
    path: scheme.file === true ? path : path.slice(1),
    username: decode(parsed.username, whole) || undefined,
    password: decode(parsed.password, whole) || undefined,
    query: Object.fromEntries(parsed.searchParams),
  };
}

/** `localhost` may mean ::1 first, where Redis often does not listen. Certificates want the name. */
const localhost = (host: string, tls = false): string => (host === 'localhost' && !tls ? '127.0.0.1' : host);

function database(text: string, whole: Whole): number {
  const number = text.replace(/^\//, '');
  if (number === '') return 0;
  if (/^\d+$/.test(number)) return Number(number);
  throw invalid(whole, `after the host, or as virtual_host, comes the number of a database, not "${number}"`);
}

function decode(text: string, whole: Whole): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(whole, 'a % in it is not followed by two hexadecimal digits; write %25 for a plain %');
  }
}

const invalid = ({ url, purpose }: Whole, why: string): ToolboxError =>
  new ToolboxError('CONFIG_INVALID', `${purpose.url} ${maskUrl(url)} cannot be read: ${why}`, {
    fields: { setting: purpose.url },
  });
