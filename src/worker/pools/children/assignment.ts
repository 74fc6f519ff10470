import type { Outcome } from '../../execution/outcome.js';
import { pack, unpack } from '../crossing/index.js';
import type { PoolJob } from '../pool.js';
import type { EndData, FromChild, ToChild } from '../protocol.js';
import type { Slot } from './slot.js';

type Of<K extends FromChild['kind']> = Extract<FromChild, { kind: K }>;

/** A job on its way through a pool of children: waiting, in a slot, ended. */
export class Assignment {
  readonly job: PoolJob;
  /** Counts the jobs of the pool. */
  readonly number: number;
  /** Its slot, while it has one. */
  slot: Slot<Assignment> | undefined;
  /** It was ended from outside: what comes of it is not heard any more. */
  over = false;
  readonly #resolve: (outcome: Outcome) => void;
  #unwatch: (() => void) | undefined;

  constructor(job: PoolJob, number: number, resolve: (outcome: Outcome) => void) {
    this.job = job;
    this.number = number;
    this.#resolve = resolve;
  }

  /** Hands the job to the child. */
  begin(slot: Slot<Assignment>): void {
    const { job, number } = this;
    this.slot = slot;
    slot.current = this;
    slot.state = 'busy';
    slot.jobs += 1;
    job.accepted(slot.pid);
    slot.send({ kind: 'job', job: number, data: pack({ message: job.message, delivery: job.delivery }) });
  }

  end(outcome: Outcome): void {
    this.#unwatch?.();
    if (this.slot?.current === this) this.slot.current = undefined;
    this.over = true;
    this.#resolve(outcome);
  }

  /** Takes over what the job did besides ending. */
  ended({ data }: Of<'end'>): void {
    const { outcome, children, taken } = unpack(data) as EndData;
    const { job } = this;
    job.children.push(...children);
    if (taken !== null) Object.assign(job.context.request, taken);
    this.end(outcome);
  }

  /** Its code wants to hear of an abort. */
  watch(): void {
    const { signal } = this.job.context;
    const tell = (): void => this.#send({ kind: 'abort', job: this.number, data: pack(signal.reason) });
    if (signal.aborted) return tell();
    signal.addEventListener('abort', tell, { once: true });
    this.#unwatch = () => signal.removeEventListener('abort', tell);
  }

  async store({ call, state, data }: Of<'state'>): Promise<void> {
    try {
      await this.job.context.updateState(state, unpack(data));
      this.#send({ kind: 'stored', call, data: null });
    } catch (error) {
      this.#send({ kind: 'stored', call, data: pack(error) });
    }
  }

  #send(message: ToChild): void {
    this.slot?.send(message);
  }
}
