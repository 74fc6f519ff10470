interface Kept {
  readonly body: Readonly<Record<string, unknown>>;
  readonly bytes: number;
  readonly at: string;
}

/** Bytes of all answers kept, and of one that is worth keeping. */
const MOST_BYTES = 16 * 1024 * 1024;
const LARGEST = 512 * 1024;

/** What was answered last to each question, for the time the database is away. The oldest go first. */
export class LastAnswers {
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  keep(question: string, body: object, bytes: number, at: Date): void {
    this.#drop(question);
    if (bytes > LARGEST) return;
    this.#kept.set(question, { body: body as Kept['body'], bytes, at: at.toISOString() });
    this.#bytes += bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= MOST_BYTES) break;
      this.#drop(oldest);
    }
  }

  last(question: string): Kept | undefined {
    return this.#kept.get(question);
  }

  #drop(question: string): void {
    this.#bytes -= this.#kept.get(question)?.bytes ?? 0;
    this.#kept.delete(question);
  }
}
