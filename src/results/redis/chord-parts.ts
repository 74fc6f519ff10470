import { type Clock, newId } from '../../base/index.js';
import type { RedisConnection } from '../../redis/index.js';
import { answersOf } from '../../redis/index.js';
import type { ChordCounter, ChordPartRecord, CompleteChord, CountedPart } from '../chord-counter.js';
import type { PayloadFormat } from '../payload-format.js';
import { resultOf } from '../stored-value.js';
import { bufferOf } from './encoded-result.js';
import type { ChordKeys, ResultKeys } from './result-keys.js';
import type { RedisResultOptions } from './result-options.js';
import type { ResultsRedis } from './scripts.js';

export interface ChordPartsOptions {
  readonly connection: RedisConnection<ResultsRedis>;
  readonly keys: ResultKeys;
  readonly options: RedisResultOptions;
  readonly format: PayloadFormat;
  readonly clock: Clock;
}

/** Milliseconds between looks whether somebody else has gone on with a complete chord. */
const LOOK_MS = 500;
/** Seconds for publishing the body, with the publisher's retries. */
const PUBLISH_S = 60;
/** Seconds that late copies of parts learn that their chord is done. */
const DONE_S = 300;
const HELD = 2;

/** Chords counted in Redis, as Celery 5.7 does it. */
export class ChordParts implements ChordCounter {
  readonly #parts: ChordPartsOptions;

  constructor(parts: ChordPartsOptions) {
    this.#parts = parts;
  }

  async begin(groupId: string, size: number, header?: readonly unknown[]): Promise<void> {
    const { connection, keys, options, format } = this.#parts;
    const chord = keys.chord(groupId);
    const kept = options.chordExpires > 0 ? ['EX', String(options.chordExpires)] : [];
    const record = header && bufferOf(await this.#packed(format.encode({ result: header })));
    await connection.repeat('begin a chord', (client) => {
      const commands = client.multi().del(chord.claim);
      commands.call('SET', chord.size, String(size), ...kept);
      if (record !== undefined) commands.call('SET', chord.header, record, ...kept);
      return answersOf(commands);
    });
  }

  async add(groupId: string, taskId: string): Promise<void> {
    const { connection, keys, options } = this.#parts;
    const { added, counted, claim } = keys.chord(groupId);
    await connection.repeat('add to a chord', (client) =>
      client.wtChordAdd(3, added, counted, claim, `added:${taskId}`, options.chordExpires),
    );
  }

  async count(part: ChordPartRecord): Promise<CompleteChord | undefined> {
    const { connection, keys, format, clock } = this.#parts;
    const chord = keys.chord(part.groupId);
    const claim = newId();
    const encoded = format.encode([1, part.taskId, part.state, part.result ?? null]);
    const args = this.#arguments(part, bufferOf(await this.#packed(encoded)), claim);
    for (let takenOver = false; ; takenOver = true) {
      const [outcome, isNew] = await connection.repeat('count a part of a chord', (client) =>
        client.wtChordPart(
          6,
          chord.parts,
          chord.added,
          chord.size,
          chord.counted,
          chord.claim,
          chord.header,
          ...args,
        ),
      );
      if (outcome === 1) return this.#complete(chord, claim, takenOver || isNew === 0);
      if (outcome !== HELD) return undefined;
      // They may have died over it: then it is ours when their claim ends.
      await clock.sleep(LOOK_MS);
    }
  }

  #arguments(part: ChordPartRecord, payload: Buffer, claim: string): (string | number | Buffer)[] {
    const { options } = this.#parts;
    const score = part.groupIndex ?? '+inf';
    const ordered = options.result_chord_ordered ? '1' : '0';
    const kept = options.chordExpires;
    const header = kept === 0 || options.expires === 0 ? 0 : Math.max(kept, options.expires);
    return [`${part.taskId}:${score}`, payload, ordered, score, kept, header, this.#claimSeconds(), claim];
  }

  /** Celery's. */
  #claimSeconds(): number {
    return Math.max(5, Math.trunc((this.#parts.options.chordJoinTimeout || 5) * 2));
  }

  async #complete(chord: ChordKeys, claim: string, takenOver: boolean): Promise<CompleteChord> {
    const { connection, options, format } = this.#parts;
    const [stored, header] = await connection.repeat('collect the parts of a chord', (client) =>
      Promise.all([
        options.result_chord_ordered
          ? client.zrangeBuffer(chord.parts, '0', '-1')
          : client.lrangeBuffer(chord.parts, 0, -1),
        client.getBuffer(chord.header),
      ]),
    );
    const run = (what: string, use: (client: ResultsRedis) => Promise<number>): Promise<number> =>
      connection.repeat(what, use);
    return {
      takenOver,
      parts: await Promise.all(stored.map(async (bytes) => partOf(await format.decode(bytes)))),
      header: header === null ? undefined : headerOf(await format.decode(header)),
      keep: async () =>
        (await run('keep a chord', (client) =>
          client.wtChordKeep(2, chord.claim, chord.size, claim, PUBLISH_S),
        )) === 1,
      done: async () => {
        const seconds = Math.max(DONE_S, this.#claimSeconds() * 2);
        const { parts, added, size, counted } = chord;
        await run('end a chord', (client) =>
          client.wtChordDone(5, chord.claim, parts, added, size, counted, claim, seconds),
        );
      },
      giveBack: async () => {
        await run('give a chord back', (client) => client.wtChordGiveBack(1, chord.claim, claim));
      },
    };
  }

  async #packed(bytes: Uint8Array): Promise<Uint8Array> {
    return (await this.#parts.format.compress?.(bytes)) ?? bytes;
  }
}

function partOf(value: unknown): CountedPart {
  const [, taskId, state, result] = value as readonly [unknown, string, string, unknown];
  return { taskId, state, result: resultOf(state, result) };
}

const headerOf = (value: unknown): readonly unknown[] | undefined => {
  const { result } = value as { readonly result?: readonly [unknown, readonly unknown[] | null] };
  return result?.[1] ?? undefined;
};
