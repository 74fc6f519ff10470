import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { ToolboxError } from '../../base/index.js';

/** Who asks, as seen through the proxies that are trusted. */
export interface Client {
  readonly address: string;
  /** Reached by https. */
  readonly secure: boolean;
  /** As the browser names us: host and port. */
  readonly host: string;
  /** Path under which the browser sees us: '' or '/prefix'. */
  readonly prefix: string;
  /** The connection comes from a trusted proxy. */
  readonly proxied: boolean;
  /** The connection comes from this machine, and no proxy says it stands for another. */
  readonly local: boolean;
}

const FORWARDING = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'] as const;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Addresses and CIDR blocks as a list that can be asked. @throws CONFIG_INVALID */
export function addressList(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const version = isIP(address);
    const most = version === 6 ? 128 : 32;
    const size = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
    if (version === 0 || !(size <= most)) {
      throw new ToolboxError(
        'CONFIG_INVALID',
        `trusted proxies: ${JSON.stringify(entry)} is no address; write 10.0.0.7 or 10.0.0.0/8`,
      );
    }
    list.addSubnet(address, size, version === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** IPv4 addresses of a dual-stack socket without their IPv6 dress. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
const contains = (list: BlockList, address: string): boolean => {
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4');
};

const header = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name];
  return (Array.isArray(value) ? value.join(',') : value)?.trim() || undefined;
};

/** `X-Forwarded-*` counts from trusted addresses only; of several hops the last that no trusted one added is the client. */
export function clientOf(request: IncomingMessage, trusted: BlockList, urlPrefix: string): Client {
  const peer = plain(request.socket.remoteAddress ?? '');
  const proxied = contains(trusted, peer);
  const forwarded = (name: string): string | undefined => (proxied ? header(request, name) : undefined);
  const hops =
    forwarded('x-forwarded-for')
      ?.split(',')
      .map((hop) => plain(hop.trim())) ?? [];
  const prefix = forwarded('x-forwarded-prefix')?.replace(/\/+$/, '');
  return {
    address: hops.findLast((hop) => isIP(hop) !== 0 && !contains(trusted, hop)) ?? peer,
    secure:
      (request.socket as Partial<TLSSocket>).encrypted === true || forwarded('x-forwarded-proto') === 'https',
    host: (forwarded('x-forwarded-host') ?? header(request, 'host') ?? '').toLowerCase(),
    prefix: prefix !== undefined && /^(\/[\w.~-]+)*$/.test(prefix) ? prefix : urlPrefix,
    proxied,
    local: contains(loopback, peer) && FORWARDING.every((name) => request.headers[name] === undefined),
  };
}
