import { maskUrl, ToolboxError } from '../../base/index.js';

/** Where a Redis is, or the sentinels that know. */
export interface RedisAddress {
  readonly tls: boolean;
  /** More than one only for sentinels. */
  readonly hosts: readonly [HostAndPort, ...HostAndPort[]];
  readonly sentinel: boolean;
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

const PORTS: ReadonlyMap<string, number> = new Map([
  ['redis', 6379],
  ['rediss', 6379],
  ['sentinel', 26379],
]);

/**
 * Reads `broker_url` as kombu does: `redis://user:password@host:port/db`, `rediss://` for TLS, and
 * `sentinel://host:port;sentinel://host:port/db`. No host means this machine, no database 0; user and password are
 * percent-decoded. Throws CONFIG_INVALID.
 */
export function parseRedisUrl(url: string): RedisAddress {
  const parts = url
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => parseOne(part, url));
  const [first, ...others] = parts;
  if (first === undefined) throw invalid(url, 'it is empty');
  if (others.length > 0 && !first.sentinel) {
    throw invalid(url, 'one address is expected; several are for sentinel:// only');
  }
  // kombu's users write the database and the password with the last address as well as with the first.
  const named = parts.find(({ password }) => password !== undefined) ?? first;
  const { tls, sentinel, query } = first;
  return {
    tls,
    sentinel,
    query,
    hosts: [first.at, ...others.map(({ at }) => at)],
    db: parts.find(({ db }) => db !== 0)?.db ?? 0,
    ...(named.username === undefined ? {} : { username: named.username }),
    ...(named.password === undefined ? {} : { password: named.password }),
    shown: maskUrl(url),
  };
}

interface Part {
  readonly tls: boolean;
  readonly sentinel: boolean;
  readonly at: HostAndPort;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly db: number;
  readonly query: Readonly<Record<string, string>>;
}

function parseOne(text: string, whole: string): Part {
  const [, name = '', rest = ''] = /^([a-z]+):\/\/(.*)$/i.exec(text) ?? [];
  const scheme = name.toLowerCase();
  const port = PORTS.get(scheme);
  if (port === undefined) throw invalid(whole, 'expected redis://, rediss:// or sentinel://');
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
    throw invalid(whole, `expected ${scheme}://user:password@host:port/db; encode special characters with %`);
  }
  // The URL class drops port 80 as its scheme's own.
  const own = parsed.port === '' && /:80$/.test(host) ? 80 : Number(parsed.port);
  return {
    tls: scheme === 'rediss',
    sentinel: scheme === 'sentinel',
    // `localhost` may mean ::1 first, where Redis often does not listen.
    at: {
      host: parsed.hostname.replace(/^\[|\]$/g, '').replace(/^localhost$/, '127.0.0.1'),
      port: own || port,
    },
    username: decode(parsed.username, whole) || undefined,
    password: decode(parsed.password, whole) || undefined,
    db: database(parsed.pathname.slice(1), whole),
    query: Object.fromEntries(parsed.searchParams),
  };
}

function database(path: string, url: string): number {
  if (path === '' || path === '/') return 0;
  if (/^\d+$/.test(path)) return Number(path);
  throw invalid(url, `after the host comes the number of a database, not "${path}"`);
}

function decode(text: string, url: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(url, 'a % in it is not followed by two hexadecimal digits; write %25 for a plain %');
  }
}

const invalid = (url: string, why: string): ToolboxError =>
  new ToolboxError('CONFIG_INVALID', `broker_url ${maskUrl(url)} cannot be read: ${why}`, {
    fields: { setting: 'broker_url' },
  });
