/** Who is said to run a task. */
export interface Runner {
  readonly hostname: string;
  /** The start of the worker that runs it; undefined: known by its name only, as Python's are. */
  readonly instance: string | undefined;
  /** Seconds between its heartbeats, where it says so. */
  readonly freq: number | undefined;
}

export interface PresenceOptions {
  /** Milliseconds of silence after which a worker counts as gone; three of its heartbeats at least. */
  readonly silenceMs: number;
  /** Milliseconds after which an echo that has not come back says that nothing is heard at present. */
  readonly echoMs: number;
}

/** Heartbeats that may be missed. */
const MISSED_BEATS = 3;
/** Silences after which a worker is forgotten: it counts as never heard from then on. */
const FORGOTTEN = 10;

interface Heard {
  readonly at: number;
  readonly freqMs: number;
}

/**
 * Which workers live, as their heartbeats tell. That nothing is heard says something only while we can hear: we hear
 * ourselves by echoes that go the same way, and are as sure of everything before an echo as it has come back. A gap
 * among them begins the listening anew. Pure: times are monotonic milliseconds and handed in.
 */
export class Presence {
  readonly #options: PresenceOptions;
  readonly #instances = new Map<string, Heard>();
  readonly #names = new Map<string, Heard>();
  #sent: { readonly echo: number; readonly at: number }[] = [];
  #last = 0;
  #since: number | undefined;
  #asOf: number | undefined;

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  /** A sign of life. `freq`: seconds until the next. */
  hear(name: string, instance: string | undefined, freq: number | undefined, at: number): void {
    const heard = { at, freqMs: (freq ?? 0) * 1000 };
    this.#names.set(name, heard);
    if (instance !== undefined) this.#instances.set(instance, heard);
  }

  /** The number of an echo that is about to be sent. */
  nextEcho(at: number): number {
    const echo = (this.#sent.at(-1)?.echo ?? this.#last) + 1;
    this.#sent.push({ echo, at });
    return echo;
  }

  echoed(echo: number): void {
    const sent = this.#sent.find((one) => one.echo === echo);
    if (sent === undefined) return;
    if (this.#since === undefined || echo !== this.#last + 1) this.#since = sent.at;
    this.#asOf = sent.at;
    this.#last = echo;
    this.#sent = this.#sent.filter((one) => one.echo > echo);
    this.#forget(sent.at);
  }

  /** True when nothing was heard of it for so long that it cannot be there, although it would have been heard since `since`. */
  isGone({ hostname, instance, freq = 0 }: Runner, since: number, now: number): boolean {
    if (!this.isSure(now)) return false;
    const heard = instance === undefined ? this.#names.get(hostname) : this.#instances.get(instance);
    const last = Math.max(since, this.#since ?? now, heard?.at ?? since);
    const beatMs = Math.max(freq * 1000, heard?.freqMs ?? 0);
    return (this.#asOf ?? now) - last > Math.max(this.#options.silenceMs, MISSED_BEATS * beatMs);
  }

  /** True while what we hear is up to date. */
  isSure(now: number): boolean {
    return this.#asOf !== undefined && now - this.#asOf <= this.#options.echoMs;
  }

  /** Milliseconds of listening without a gap, until the last echo. */
  get heardForMs(): number {
    return this.#asOf === undefined || this.#since === undefined ? 0 : this.#asOf - this.#since;
  }

  #forget(now: number): void {
    for (const known of [this.#instances, this.#names]) {
      for (const [key, { at, freqMs }] of known) {
        if (now - at > FORGOTTEN * Math.max(this.#options.silenceMs, freqMs)) known.delete(key);
      }
    }
  }
}
