import { type Clock, hasCode, newId, type ToolboxError } from '../../base/index.js';
import {
  type BatchOutcome,
  type LeaseChange,
  leaseLost,
  type ReceiveOptions,
  type StoredMessage,
} from '../virtual/index.js';
import type { Arrivals } from './arrivals.js';
import type { BrokerConnection } from './broker-connection.js';
import type { Keys } from './keys.js';
import { entryEnding, envelopeIn, readEntry } from './unacked-entry.js';

/** Seconds of a wait: a half-open connection shows at its end. */
const WAIT_S = 4;
/** Settlements of unknown outcome that are remembered. */
const MAX_UNCERTAIN = 10_000;

export interface DeliveriesParts {
  readonly fetch: BrokerConnection;
  readonly commands: BrokerConnection;
  readonly arrivals: Arrivals;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly leaseSeconds: number;
}

type Outcomes = (ToolboxError | undefined)[];

/** A fetch whose answer was lost. */
interface LostFetch {
  readonly base: string;
  readonly max: number;
}

/**
 * Messages between queue and acknowledgement. Each delivery has a name of its own in `unacked`: copies that share kombu's
 * delivery tag do not meet there.
 */
export class Deliveries {
  readonly #parts: DeliveriesParts;
  readonly #lostFetches = new Map<string, LostFetch[]>();
  readonly #uncertain = new Set<string>();

  constructor(parts: DeliveriesParts) {
    this.#parts = parts;
  }

  async receive(
    queue: string,
    { max, waitSeconds = WAIT_S, signal, expecting }: ReceiveOptions,
  ): Promise<StoredMessage[]> {
    const { arrivals, clock, keys } = this.#parts;
    const until = clock.monotonic() + waitSeconds * 1000;
    for (;;) {
      const taken = (await this.#reclaim(queue, max)) ?? (await this.#take(queue, max, expecting));
      const left = until - clock.monotonic();
      if (taken.length > 0 || left <= 0 || signal.aborted) return taken;
      await arrivals.wait(keys.listsOf(queue), left, signal);
      if (signal.aborted) return [];
    }
  }

  settle(queue: string, receipts: readonly string[]): Promise<BatchOutcome> {
    const { commands, keys } = this.#parts;
    return this.#certainly(queue, receipts, () =>
      commands.run('acknowledge', (client) =>
        client.wtSettle(2, keys.unacked, keys.unackedIndex, ...receipts),
      ),
    );
  }

  /** Holds each so many seconds from now on. */
  async hold(queue: string, changes: readonly LeaseChange[]): Promise<Outcomes> {
    if (changes.length === 0) return [];
    const { commands, keys, leaseSeconds } = this.#parts;
    const args = changes.flatMap(({ receipt, seconds }) => [receipt, seconds - leaseSeconds]);
    const done = await commands.repeat('renew', (client) =>
      client.wtHold(2, keys.unacked, keys.unackedIndex, ...args),
    );
    return done.map((held) => (held === 1 ? undefined : gone(queue)));
  }

  /** Back to the heads of their lists, marked redelivered; the one taken first is the next again. */
  async giveBack(queue: string, receipts: readonly string[]): Promise<Outcomes> {
    if (receipts.length === 0) return [];
    const { commands, keys } = this.#parts;
    const last = [...receipts].reverse();
    const outcomes = await this.#certainly(queue, last, async () => {
      const entries = await commands.repeat('give back', (client) => client.hmget(keys.unacked, ...last));
      const places = new Map<string, number>();
      const args = last.flatMap((receipt, at) => {
        const entry = entries[at];
        if (typeof entry !== 'string') return [receipt, '', 0];
        const read = readEntry(entry);
        const list = keys.listFor(queue, read?.priority);
        // The first two keys are those of the deliveries.
        if (!places.has(list)) places.set(list, places.size + 3);
        return [
          receipt,
          '',
          1,
          places.get(list) ?? 0,
          read?.returning ?? envelopeIn(entry, entryEnding(queue)),
        ];
      });
      return commands.run('give back', (client) =>
        client.wtGiveBack(2 + places.size, keys.unacked, keys.unackedIndex, ...places.keys(), ...args),
      );
    });
    return [...outcomes].reverse();
  }

  async #take(queue: string, max: number, expecting: ReceiveOptions['expecting']): Promise<StoredMessage[]> {
    const { fetch, keys } = this.#parts;
    const base = `${newId()}:`;
    const lists = keys.listsOf(queue);
    const ended = expecting?.(Array.from({ length: max }, (_, at) => receiptOf(base, at + 1)));
    try {
      const texts = await fetch.run(`fetch from queue "${queue}"`, (client) =>
        client.wtTake(
          2 + lists.length,
          keys.unacked,
          keys.unackedIndex,
          ...lists,
          max,
          base,
          entryEnding(queue),
        ),
      );
      return texts.map((text, at) => ({ receipt: receiptOf(base, at + 1), text, receiveCount: 1 }));
    } catch (error) {
      if (hasCode(error, 'BROKER_UNREACHABLE')) {
        this.#lostFetches.set(queue, [...(this.#lostFetches.get(queue) ?? []), { base, max }]);
      }
      throw error;
    } finally {
      ended?.();
    }
  }

  /** What a fetch took whose answer never came: ours, and in delivery already. Undefined when there is nothing of the kind. */
  async #reclaim(queue: string, max: number): Promise<StoredMessage[] | undefined> {
    const lost = this.#lostFetches.get(queue);
    const first = lost?.[0];
    if (lost === undefined || first === undefined) return undefined;
    const { fetch, keys } = this.#parts;
    const found = await fetch.run(`fetch from queue "${queue}"`, (client) =>
      client.wtReclaim(2, keys.unacked, keys.unackedIndex, first.max, first.base),
    );
    // Another receive of this queue may have done the same meanwhile.
    const at = lost.indexOf(first);
    if (at < 0) return undefined;
    lost.splice(at, 1);
    const messages: StoredMessage[] = [];
    for (let n = 0; n < found.length; n += 2) {
      const [receipt = '', entry = ''] = found.slice(n, n + 2);
      messages.push({ receipt, text: envelopeIn(entry, entryEnding(queue)), receiveCount: 1 });
    }
    const tooMany = messages.splice(max);
    await this.giveBack(
      queue,
      tooMany.map(({ receipt }) => receipt),
    );
    return messages.length > 0 ? messages : undefined;
  }

  /** When the answer was lost, a second attempt that finds nothing means that the first one was carried out. */
  async #certainly(
    queue: string,
    receipts: readonly string[],
    run: () => Promise<readonly number[]>,
  ): Promise<BatchOutcome> {
    try {
      const done = await run();
      return receipts.map((receipt, at) => {
        const known = this.#uncertain.delete(receipt);
        return done[at] === 1 || known ? undefined : gone(queue);
      });
    } catch (error) {
      if (hasCode(error, 'BROKER_UNREACHABLE') && this.#uncertain.size < MAX_UNCERTAIN) {
        for (const receipt of receipts) this.#uncertain.add(receipt);
      }
      throw error;
    }
  }
}

/** As the script names them: in the order of their fetching also where names are sorted. */
const receiptOf = (base: string, n: number): string => base + String(n).padStart(4, '0');

const gone = (queue: string): ToolboxError =>
  leaseLost(queue, 'its lease ended, and Redis gave it back to the queue');
