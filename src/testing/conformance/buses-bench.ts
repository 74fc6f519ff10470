import type { Bus, CeleryEvent, ControlRequest } from '../../bus/index.js';

export type CreateBus = () => Promise<{ readonly bus: Bus; readonly end: () => Promise<void> }>;

const PATIENCE_MS = 10_000;

/** What one case works with. */
export class BusBench {
  readonly #create: CreateBus;
  readonly #made: (() => Promise<void>)[] = [];

  constructor(create: CreateBus) {
    this.#create = create;
  }

  async bus(): Promise<Bus> {
    const { bus, end } = await this.#create();
    this.#made.push(async () => {
      await bus.close();
      await end();
    });
    return bus;
  }

  async dispose(): Promise<void> {
    for (const end of this.#made.toReversed()) await end();
  }
}

/** What was heard, and a way to wait for more. */
export class Heard<T> {
  readonly items: T[] = [];
  readonly #waiting = new Set<() => void>();

  readonly add = (item: T): void => {
    this.items.push(item);
    for (const look of this.#waiting) look();
  };

  /** Resolves with the first item that is `wanted`. */
  async first(wanted: (item: T) => boolean): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    return new Promise<T>((resolve, reject) => {
      const look = (): void => {
        const found = this.items.find(wanted);
        if (found === undefined) return;
        this.#waiting.delete(look);
        clearTimeout(timer);
        resolve(found);
      };
      timer = setTimeout(
        () => reject(new Error(`not heard, only ${JSON.stringify(this.items)}`)),
        PATIENCE_MS,
      );
      this.#waiting.add(look);
      look();
    });
  }
}

export const request = (method: string, rest: Partial<ControlRequest> = {}): ControlRequest => ({
  method,
  arguments: {},
  destination: null,
  pattern: null,
  matcher: null,
  ticket: null,
  reply_to: null,
  ...rest,
});

export const event = (type: string, rest: Readonly<Record<string, unknown>> = {}): CeleryEvent => ({
  type,
  hostname: 'w1@here',
  utcoffset: 0,
  pid: 1,
  clock: 1,
  timestamp: 1_790_000_000.25,
  ...rest,
});
