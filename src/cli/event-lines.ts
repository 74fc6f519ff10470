import type { ReceivedEvent } from '../remote/index.js';
import { type CliContext, type Colours, coloursFor } from './context.js';
import { printable } from './output.js';

/** Most task names remembered, to name tasks in later events. */
const MOST_NAMES = 10_000;
/** Said elsewhere in the line. */
const ENVELOPE = ['type', 'hostname', 'timestamp', 'uuid', 'name'];
/** What is told of events in short. */
const BRIEF = [
  'args',
  'kwargs',
  'result',
  'runtime',
  'exception',
  'active',
  'processed',
  'queue',
  'terminated',
  'expired',
  'requeue',
];

/** Events as lines for people: time, node, what, which task, and the fields that matter, or all of them. */
export class EventLines {
  readonly #colours: Colours;
  readonly #dump: boolean;
  readonly #names = new Map<string, string>();

  constructor({ out, env }: CliContext, dump: boolean) {
    this.#colours = coloursFor(out, env);
    this.#dump = dump;
  }

  of(event: ReceivedEvent): string {
    const { type, hostname, local_received: received } = event;
    const time = new Date(received * 1000).toISOString();
    const shown = this.#dump
      ? Object.keys(event)
          .filter((key) => !ENVELOPE.includes(key))
          .sort()
      : BRIEF;
    const fields = shown
      .filter((key) => event[key] !== undefined)
      .map((key) => `${key}=${printable(textOf(event[key]))}`);
    return [
      this.#colours.dim(time),
      this.#colours.cyan(printable(hostname)),
      this.#tinted(type),
      ...this.#task(event),
      ...fields,
    ].join(' ');
  }

  #task({ uuid, name }: ReceivedEvent): readonly string[] {
    if (typeof uuid !== 'string') return [];
    if (typeof name === 'string') {
      this.#names.set(uuid, name);
      for (const oldest of this.#names.keys()) {
        if (this.#names.size <= MOST_NAMES) break;
        this.#names.delete(oldest);
      }
    }
    return [printable(`${this.#names.get(uuid) ?? ''}[${uuid}]`)];
  }

  #tinted(type: string): string {
    const { green, red, yellow } = this.#colours;
    const text = printable(type).padEnd(16);
    if (/succeeded|online/.test(type)) return green(text);
    if (/failed|offline|rejected/.test(type)) return red(text);
    return /retried|revoked|cancelled/.test(type) ? yellow(text) : text;
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
