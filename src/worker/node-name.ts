import { hostname as machineName } from 'node:os';

/**
 * Expands a node name as `celery worker -n` does: `%h` is the full host name, `%n` the host's part before the first
 * dot, `%d` the part after it, `%%` a percent sign. A name without `@` gets `@%h`. Default `celery@%h`.
 */
export function nodeName(pattern = 'celery@%h', host: string = machineName()): string {
  return expandHost(pattern.includes('@') ? pattern : `${pattern}@%h`, host);
}

/**
 * Expands a file name by the node it is for, as Celery does: `%n` is the node's name before the `@`, `%p` the whole, `%h`
 * and `%d` are as above.
 */
export function nodeFile(pattern: string, node: string): string {
  const at = node.indexOf('@');
  const host = node.slice(at + 1);
  return expandHost(pattern.replaceAll('%p', node).replaceAll('%n', at < 0 ? node : node.slice(0, at)), host);
}

function expandHost(pattern: string, host: string): string {
  const dot = host.indexOf('.');
  const parts: Readonly<Record<string, string>> = {
    '%h': host,
    '%n': dot < 0 ? host : host.slice(0, dot),
    '%d': dot < 0 ? '' : host.slice(dot + 1),
    '%%': '%',
  };
  return pattern.replace(/%[hnd%]/g, (sign) => parts[sign] ?? sign);
}
