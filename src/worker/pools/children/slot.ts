import { type Clock, type Deferred, deferred, ToolboxError } from '../../../base/index.js';
import { unpack } from '../crossing/index.js';
import type { ChildSetup, FromChild } from '../protocol.js';
import type { ChildLink, Launch, LaunchOptions } from './link.js';

export type SlotState = 'starting' | 'idle' | 'busy' | 'ending' | 'gone';

export interface SlotOptions<Job> extends LaunchOptions {
  readonly launch: Launch;
  readonly setup: ChildSetup;
  readonly clock: Clock;
  /** Milliseconds until its program must run (`worker_proc_alive_timeout`). */
  readonly aliveTimeoutMs: number;
  readonly onMessage: (slot: Slot<Job>, message: FromChild) => void;
  /** It has ended, asked or not. */
  readonly onExit: (slot: Slot<Job>, how: string) => void;
}

/** Milliseconds a child that was told to end gets before it is killed. */
const STOP_MS = 5_000;
const TERM_MS = 500;

/** One child of a pool, from its start to its end. */
export class Slot<Job> {
  state: SlotState = 'starting';
  /** No job follows the one it has. */
  last = false;
  /** Jobs it was given. */
  jobs = 0;
  current: Job | undefined;
  readonly #link: ChildLink;
  readonly #clock: Clock;
  readonly #ready: Deferred<void> = deferred();
  readonly #gone: Deferred<void> = deferred();
  #cancel: () => void;

  constructor({ launch, setup, clock, aliveTimeoutMs, onMessage, onExit, ...options }: SlotOptions<Job>) {
    this.#clock = clock;
    this.#ready.promise.catch(() => {});
    const late = `did not come up within ${aliveTimeoutMs / 1000} s (worker_proc_alive_timeout)`;
    this.#cancel = clock.after(aliveTimeoutMs, () => {
      this.#ready.reject(failed(late));
      this.#link.kill('SIGKILL');
    });
    this.#link = launch(
      setup,
      {
        onMessage: (message) => {
          this.#hear(message);
          onMessage(this, message);
        },
        onExit: (how) => {
          this.#cancel();
          this.#ready.reject(failed(`ended before it was ready: ${how}`));
          onExit(this, how);
          this.state = 'gone';
          this.#gone.resolve();
        },
      },
      options,
    );
  }

  get pid(): number {
    return this.#link.pid;
  }

  /** Resolves when jobs can be given to it; rejects when they never can. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  /** It is there, or will be, for the jobs to come. */
  get counts(): boolean {
    return !this.last && this.state !== 'ending' && this.state !== 'gone';
  }

  get send(): ChildLink['send'] {
    return this.#link.send;
  }

  /** Lets it end in order; kills it when it takes too long. */
  retire(): void {
    if (this.state === 'ending' || this.state === 'gone') return;
    this.state = 'ending';
    this.#link.send({ kind: 'stop' });
    this.#cancel = this.#clock.after(STOP_MS, () => this.#link.kill('SIGKILL'));
  }

  /** Ends it now: by the signal, and when that does not help, for sure. */
  kill(signal: NodeJS.Signals): void {
    if (this.state === 'gone') return;
    this.#cancel();
    this.state = 'ending';
    this.#link.kill(signal);
    if (signal !== 'SIGKILL') this.#cancel = this.#clock.after(TERM_MS, () => this.#link.kill('SIGKILL'));
  }

  #hear(message: FromChild): void {
    if (message.kind === 'alive') this.#cancel();
    if (message.kind === 'failed') this.#ready.reject(unpack(message.data));
    if (message.kind !== 'ready' || this.state !== 'starting') return;
    this.state = 'idle';
    this.#ready.resolve();
  }
}

const failed = (what: string): ToolboxError => new ToolboxError('POOL_FAILED', `a child of the pool ${what}`);
