import type { QueryResultRow } from 'pg';
import { messageOf, newId } from '../../base/index.js';
import { topicMatches } from '../../messaging/index.js';
import { type ConnectionSettings, connectionSettings, Session, storeError } from '../../postgres/index.js';
import type { Bus, BusContext, EventBatch, ReplyBox, Subscription } from '../bus.js';
import {
  type ControlRequest,
  isRecord,
  isRevoke,
  REVOKE_HOLDS_SECONDS,
  type ReceivedReply,
  type ReceivedRequest,
  type ReplyAddress,
  readRequest,
} from '../control-request.js';
import { announced, CHANNEL } from './notifications.js';
import { BUS_TABLES, type BusTable, STATEMENTS } from './statements.js';
import { TableReader, type TableReaderOptions, type TableRow } from './table-reader.js';
import type { TextCodec } from './text-codec.js';

interface CommandRow extends TableRow {
  readonly sender: string;
  readonly origin: string;
  readonly namespace: string;
  readonly clock: string;
  readonly request: string;
}
interface ReplyRow extends TableRow {
  readonly ticket: string | null;
  readonly clock: string;
  readonly reply: string;
}
interface EventRow extends TableRow {
  readonly namespace: string;
  readonly routing_key: string;
  readonly events: string;
}

interface Texts {
  readonly commands: TextCodec;
  readonly events: TextCodec;
}

/** What hears announcements. */
type Announced = Pick<TableReader<TableRow>, 'announced' | 'close'>;

/** Milliseconds between looks where announcements do not come through (as behind a pooler). */
const LISTENER_PAUSE_MS = 2_000;
/** A controller waits a second in all. */
const REPLY_PAUSE_MS = 200;
/** Milliseconds between deletions of what has expired. */
const PURGE_MS = 60_000;

/** Remote control and events in tables of PostgreSQL, for brokers without broadcast. One connection does it all. */
export class PostgresBus implements Bus {
  readonly url: string;
  readonly #context: BusContext;
  readonly #session: Session;
  readonly #readers = new Set<Announced>();
  readonly #texts: Texts;
  #stopPurging: (() => void) | undefined;

  /** Throws CONFIG_INVALID when the URL is none of PostgreSQL. */
  constructor(context: BusContext, texts: Texts) {
    const settings: ConnectionSettings = connectionSettings(context.url, 'CONTROL_DB_URL');
    this.#context = context;
    this.#texts = texts;
    this.url = settings.shown;
    this.#session = new Session({
      what: 'database of remote control',
      settings,
      logger: context.logger,
      preamble: () => `LISTEN ${CHANNEL}`,
      onNotification: (payload) => {
        for (const reader of this.#readers) reader.announced(payload);
      },
    });
  }

  /** Rejects with STORE_UNREACHABLE, or STORE_REFUSED when the tables are not there or not ours to use. */
  async connect(): Promise<void> {
    await this.#purge();
    this.#purgeLater();
  }

  serve(_node: string, onRequest: (request: ReceivedRequest) => void): Promise<Subscription> {
    const { control_exchange: namespace } = this.#context.settings;
    return this.#read<CommandRow>('control_command', {
      listensTo: announced.command,
      pauseMs: LISTENER_PAUSE_MS,
      rows: (last, gaps) => this.#query(STATEMENTS.commands, [last, gaps]),
      onRow: (row) => {
        if (row.namespace !== namespace) return;
        const request = this.#request(row);
        if (request !== undefined) onRequest(request);
      },
    });
  }

  async remembered(): Promise<readonly ReceivedRequest[]> {
    const { control_exchange: namespace } = this.#context.settings;
    const rows = await this.#query<CommandRow>(STATEMENTS.remembered, [namespace]);
    return rows.map((row) => this.#request(row)).filter((request) => request !== undefined);
  }

  #request({ clock, sender, origin, request }: CommandRow): ReceivedRequest | undefined {
    return readRequest(this.#texts.commands.read(request), {
      clock: Number(clock),
      sender: `${sender} (${origin})`,
    });
  }

  async send(
    request: ControlRequest,
    { clock }: { readonly clock: number; readonly ttlSeconds: number },
  ): Promise<void> {
    const { settings, origin } = this.#context;
    const { control_queue_ttl: ttl, control_exchange: namespace } = settings;
    const kept = isRevoke(request.method);
    const seconds = kept ? REVOKE_HOLDS_SECONDS : ttl;
    const text = this.#texts.commands.write(request);
    await this.#query(STATEMENTS.send, [seconds, kept, origin, namespace, clock, text]);
  }

  async openReplies(onReply: (reply: ReceivedReply) => void): Promise<ReplyBox> {
    const id = newId();
    const reader = await this.#read<ReplyRow>('control_reply', {
      listensTo: announced.reply(id),
      pauseMs: REPLY_PAUSE_MS,
      rows: (last, gaps) => this.#query(STATEMENTS.replies, [last, gaps, id]),
      onRow: ({ ticket, clock, reply }) => {
        const body = this.#texts.commands.read(reply);
        if (isRecord(body)) onReply({ ticket, clock: Number(clock), body });
      },
    });
    return { address: { exchange: '', routing_key: id }, close: () => reader.close() };
  }

  async reply({ routing_key: replyTo }: ReplyAddress, { ticket, clock, body }: ReceivedReply): Promise<void> {
    const { control_queue_ttl: ttl } = this.#context.settings;
    const text = this.#texts.commands.write(body);
    await this.#query(STATEMENTS.reply, [ttl, replyTo, ticket, clock, text]);
  }

  async publish({ events, hostname, routingKey }: EventBatch): Promise<void> {
    const { event_queue_expires: ttl, event_exchange: namespace } = this.#context.settings;
    const text = this.#texts.events.write(events);
    await this.#query(STATEMENTS.publish, [ttl, namespace, routingKey, hostname, text]);
  }

  subscribe(pattern: string, onEvents: (events: readonly unknown[]) => void): Promise<Subscription> {
    const { event_exchange: namespace } = this.#context.settings;
    return this.#read<EventRow>('event', {
      listensTo: announced.event,
      pauseMs: LISTENER_PAUSE_MS,
      rows: (last, gaps) => this.#query(STATEMENTS.events, [last, gaps]),
      onRow: (row) => {
        if (row.namespace !== namespace || !topicMatches(pattern, row.routing_key)) return;
        const events = this.#texts.events.read(row.events);
        onEvents(Array.isArray(events) ? events : [events]);
      },
    });
  }

  async close(): Promise<void> {
    this.#stopPurging?.();
    await Promise.all([...this.#readers].map((reader) => reader.close()));
    await this.#session.close();
  }

  async #read<R extends TableRow>(
    table: BusTable,
    options: Omit<TableReaderOptions<R>, 'start' | 'clock' | 'logger'>,
  ): Promise<Subscription> {
    const { clock, logger } = this.#context;
    const start = async (): Promise<number> => {
      const [row] = await this.#query<{ last: string }>(STATEMENTS.last(table), []);
      return Number(row?.last ?? 0);
    };
    const reader = await TableReader.open<R>({ ...options, start, clock, logger });
    this.#readers.add(reader);
    return {
      close: async () => {
        this.#readers.delete(reader);
        await reader.close();
      },
    };
  }

  async #query<R extends QueryResultRow>(text: string, values: unknown[]): Promise<readonly R[]> {
    try {
      return (await this.#session.query<R>({ text, values })).rows;
    } catch (error) {
      throw storeError(error, this.url, 'database of remote control');
    }
  }

  async #purge(): Promise<void> {
    for (const table of BUS_TABLES) await this.#query(STATEMENTS.purge(table), []);
  }

  #purgeLater(): void {
    const { clock, logger } = this.#context;
    this.#stopPurging = clock.after(PURGE_MS, () => {
      this.#purge()
        .catch((error: unknown) => logger.debug({ error: messageOf(error) }, 'nothing was tidied up'))
        .finally(() => this.#purgeLater());
    });
  }
}
