import { maskUrl, ToolboxError } from '../../base/index.js';

/** One broker of the failover list, ready for the client. */
export interface BrokerAddress {
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly vhost: string;
  readonly query: Readonly<Record<string, string>>;
  /** Password masked. */
  readonly shown: string;
}

const SCHEMES: ReadonlyMap<string, boolean> = new Map([
  ['amqp', false],
  ['pyamqp', false],
  ['amqps', true],
]);
const PLAIN_PORT = 5672;
const TLS_PORT = 5671;

/**
 * Reads `broker_url` by Celery's rules: addresses separated by `;`, a later one may be a bare host that takes the rest
 * from the first; no user means guest, no host means this machine, no virtual host (or `/`) means `/`, and user,
 * password and virtual host are percent-decoded. Throws CONFIG_INVALID.
 */
export function parseBrokerUrl(url: string): readonly [BrokerAddress, ...BrokerAddress[]] {
  const [head = '', ...tail] = url.split(';').map((part) => part.trim());
  const first = parseOne(head);
  const others = tail
    .filter((part) => part !== '')
    .map((part) => (part.includes('://') ? parseOne(part) : show({ ...first, ...hostAndPort(part, first) })));
  return [first, ...others];
}

function parseOne(url: string): BrokerAddress {
  const match = /^([a-z]+):\/\/(.*)$/i.exec(url);
  const scheme = match?.[1]?.toLowerCase() ?? '';
  const tls = SCHEMES.get(scheme);
  if (tls === undefined)
    throw invalid(url, `expected ${[...SCHEMES.keys()].map((s) => `${s}://`).join(', ')}`);
  let parts: URL;
  try {
    // `http` makes the authority part special, so that ports and hosts are checked.
    parts = new URL(`http://${withHost(match?.[2] ?? '')}`);
  } catch {
    throw invalid(
      url,
      `expected ${scheme}://user:password@host:port/vhost; encode special characters with %`,
    );
  }
  // The URL class drops port 80 as its scheme's own.
  const is80 = /^[^/?#]*:80(?=[/?#]|$)/.test(match?.[2] ?? '');
  const port = is80 ? 80 : parts.port === '' ? (tls ? TLS_PORT : PLAIN_PORT) : Number(parts.port);
  return show({
    tls,
    host: localhost(parts.hostname.replace(/^\[|\]$/g, ''), tls),
    port,
    user: decode(parts.username, url) || 'guest',
    password: decode(parts.password, url) || 'guest',
    vhost: decode(parts.pathname.slice(1), url) || '/',
    query: Object.fromEntries(parts.searchParams),
  });
}

/** `user@/vhost` and `` have no host: this machine. */
function withHost(rest: string): string {
  const [, authority = '', path = ''] = /^([^/?#]*)(.*)$/.exec(rest) ?? [];
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  const named =
    host === '' || host.startsWith(':') ? `${authority.slice(0, at + 1)}localhost${host}` : authority;
  return named + path;
}

// `localhost` may mean ::1 first, where brokers often do not listen; Celery does the same. Certificates want the name.
const localhost = (host: string, tls: boolean): string => (host === 'localhost' && !tls ? '127.0.0.1' : host);

function hostAndPort(part: string, first: BrokerAddress): Pick<BrokerAddress, 'host' | 'port'> {
  const [, host = part, port] = /^(.*?)(?::(\d+))?$/.exec(part) ?? [];
  return { host: localhost(host, first.tls), port: port === undefined ? first.port : Number(port) };
}

function decode(text: string, url: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(url, 'a % in it is not followed by two hexadecimal digits; write %25 for a plain %');
  }
}

function show(address: Omit<BrokerAddress, 'shown'>): BrokerAddress {
  const { tls, host, port, user, vhost } = address;
  const name = host.includes(':') ? `[${host}]` : host;
  const shown = `${tls ? 'amqps' : 'amqp'}://${encodeURIComponent(user)}:********@${name}:${port}/${encodeURIComponent(vhost)}`;
  return { ...address, shown };
}

const invalid = (url: string, why: string): ToolboxError =>
  new ToolboxError('CONFIG_INVALID', `broker_url ${maskUrl(url)} cannot be read: ${why}`, {
    fields: { setting: 'broker_url' },
  });
