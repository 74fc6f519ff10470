import { type Clock, hasCode, messageOf } from '../../base/index.js';
import { type RelayParts, relayPass } from '../outbox/index.js';
import type { ActionItem } from '../views/index.js';
import { done, failed } from './items.js';

/** Milliseconds for which an action waits for its messages to be gone. */
const WAIT_MS = 5_000;
const LOOK_MS = 100;

interface Sent {
  readonly key: string;
  readonly task_id: string;
  readonly sent: Date | null;
  readonly failed: Date | null;
  readonly error: string | null;
}

/** A message under way, as its action tells of it. */
export interface Message {
  readonly key: string;
  readonly target: string;
  readonly text: string;
  readonly newId?: string | undefined;
}

/** Sends what actions have put into the outbox, and tells what has become of it. */
export class Outgoing {
  readonly #parts: RelayParts & { readonly clock: Clock };

  constructor(parts: RelayParts & { readonly clock: Clock }) {
    this.#parts = parts;
  }

  /** What became of each. One that cannot be sent yet, because the broker is away, is sent later: that counts as done. */
  async send(messages: readonly Message[]): Promise<readonly ActionItem[]> {
    const { clock } = this.#parts;
    const deadline = clock.monotonic() + WAIT_MS;
    for (;;) {
      const problem = await this.#pass();
      const rows = await this.#look(messages);
      const open = [...rows.values()].some(
        (row) => row.sent === null && row.failed === null && row.error === null,
      );
      if (!open || problem !== undefined || clock.monotonic() > deadline) {
        return messages.map((message) => itemOf(message, rows.get(message.key), problem));
      }
      await clock.sleep(LOOK_MS);
    }
  }

  async #pass(): Promise<string | undefined> {
    try {
      while ((await relayPass(this.#parts)) > 0);
      return undefined;
    } catch (error) {
      if (!hasCode(error, 'STORE_UNREACHABLE')) throw error;
      return messageOf(error);
    }
  }

  async #look(messages: readonly Message[]): Promise<Map<string, Sent>> {
    const rows = await this.#parts.database.query<Sent & Record<string, unknown>>({
      text: 'SELECT key, task_id, sent, failed, error FROM workertoolbox.outbox WHERE key = ANY($1)',
      values: [messages.map(({ key }) => key)],
    });
    return new Map(rows.map((row) => [row.key, row]));
  }
}

function itemOf(
  { target, text, newId }: Message,
  row: Sent | undefined,
  problem: string | undefined,
): ActionItem {
  if (row?.failed) return failed(target, `cannot be sent: ${row.error ?? 'refused'}`);
  if (row?.sent) return done(target, text, newId);
  const why = row?.error ?? problem;
  return done(target, `${text}; it is kept and sent as soon as possible${why ? `: ${why}` : ''}`, newId);
}
