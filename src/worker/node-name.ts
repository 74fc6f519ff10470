import { hostname as machineName } from 'node:os';

/**
 * Expands a node name as `celery worker -n` does: `%h` is the full host name, `%n` the host's part before the first
 * dot, `%d` the part after it, `%%` a percent sign. A name without `@` gets `@%h`. Default `celery@%h`.
 */
export function nodeName(pattern = 'celery@%h', host: string = machineName()): string {
  const dot = host.indexOf('.');
  const parts: Readonly<Record<string, string>> = {
    '%h': host,
    '%n': dot < 0 ? host : host.slice(0, dot),
    '%d': dot < 0 ? '' : host.slice(dot + 1),
    '%%': '%',
  };
  const whole = pattern.includes('@') ? pattern : `${pattern}@%h`;
  return whole.replace(/%[hnd%]/g, (sign) => parts[sign] ?? sign);
}
