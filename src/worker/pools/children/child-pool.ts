import { backoffMs, type Clock, type Logger, messageOf, silentLogger } from '../../../base/index.js';
import { Fifo } from '../../execution/fifo.js';
import type { Outcome } from '../../execution/outcome.js';
import { WorkerLostError } from '../../execution/task-errors.js';
import { runHere } from '../async-pool.js';
import { unpack } from '../crossing/index.js';
import type { Pool, PoolContext, PoolJob } from '../pool.js';
import { poolInfo } from '../pool-info.js';
import type { AppSource, FromChild } from '../protocol.js';
import { Assignment } from './assignment.js';
import type { Launch, LaunchOptions } from './link.js';
import { Slot } from './slot.js';

export interface ChildPoolOptions extends LaunchOptions {
  readonly name: 'threads' | 'prefork';
  readonly size: number;
  readonly launch: Launch;
  readonly source: AppSource;
  /** Jobs after which a child is replaced (`worker_max_tasks_per_child`). */
  readonly maxTasks: number | null;
  /** KiB after which a child is replaced (`worker_max_memory_per_child`), looked at after each job. */
  readonly maxMemory: number | null;
  readonly aliveTimeoutMs: number;
  readonly clock: Clock;
}

/** Celery's own tasks that only send messages or look at results: nothing of the user's runs in them. */
const RUNS_IN_WORKER = /^celery\.(?!(star)?map$)/;

/**
 * Runs tasks in children, threads or processes, each of which has the app loaded and runs one task at a time. What ends a
 * child ends its task with it, and no other.
 */
export class ChildPool implements Pool {
  readonly name: string;
  readonly #options: ChildPoolOptions;
  readonly #slots = new Set<Slot<Assignment>>();
  readonly #idle: Slot<Assignment>[] = [];
  readonly #waiting = new Fifo<Assignment>();
  readonly #assignments = new Map<PoolJob, Assignment>();
  #size: number;
  #context: PoolContext = { hostname: '', logger: silentLogger };
  #jobs = 0;
  /** Children in a row that did not come up. */
  #failures = 0;
  #stopping = false;
  #cancelSpawn: (() => void) | undefined;

  constructor(options: ChildPoolOptions) {
    this.name = options.name;
    this.#options = options;
    this.#size = options.size;
  }

  get size(): number {
    return this.#size;
  }

  async start(context: PoolContext): Promise<void> {
    this.#context = context;
    this.#stopping = false;
    this.#maintain();
    try {
      await this.#ready();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  run(job: PoolJob): Promise<Outcome> {
    if (RUNS_IN_WORKER.test(job.task.name)) return runHere(job);
    return new Promise((resolve) => {
      const assignment = new Assignment(job, this.#jobs, resolve);
      this.#jobs += 1;
      this.#assignments.set(job, assignment);
      this.#waiting.push(assignment);
      this.#feed();
    });
  }

  terminate(job: PoolJob, signal: NodeJS.Signals = 'SIGKILL'): void {
    const assignment = this.#assignments.get(job);
    if (assignment === undefined) return;
    const { slot } = assignment;
    this.#end(assignment, { kind: 'returned', why: 'lost' });
    if (slot === undefined) return;
    slot.kill(signal);
    this.#maintain();
  }

  resize(size: number): void {
    this.#size = size;
    this.#maintain();
  }

  async restart(): Promise<void> {
    for (const slot of this.#slots) this.#renew(slot);
    this.#maintain();
    await this.#ready();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#cancelSpawn?.();
    const slots = [...this.#slots];
    for (const slot of slots) {
      if (slot.state === 'idle') slot.retire();
      else if (slot.state !== 'ending') slot.kill('SIGKILL');
    }
    await Promise.all(slots.map(({ gone }) => gone));
  }

  info(): Readonly<Record<string, unknown>> {
    const { maxTasks } = this.#options;
    const slots = [...this.#slots].filter(({ counts }) => counts);
    const pids = [...new Set(slots.map(({ pid }) => pid))];
    const writes = slots.map(({ jobs }) => jobs);
    const info = poolInfo(this.name, this.#size, pids, { maxTasks, writes });
    return this.name === 'threads' ? { ...info, threads: slots.length } : info;
  }

  #ready(): Promise<unknown> {
    return Promise.all([...this.#slots].filter(({ counts }) => counts).map(({ ready }) => ready));
  }

  /** Makes the children that are missing, and sends away those that are too many. */
  #maintain(): void {
    if (this.#stopping) return;
    const there = [...this.#slots].filter(({ counts }) => counts);
    for (let missing = this.#size - there.length; missing > 0; missing -= 1) this.#spawn();
    const rank = { idle: 0, starting: 1, busy: 2, ending: 3, gone: 3 } as const;
    const excess = there.length - this.#size;
    if (excess <= 0) return;
    for (const slot of there.sort((a, b) => rank[a.state] - rank[b.state]).slice(0, excess))
      this.#renew(slot);
  }

  /** Lets a child end, after its job if it has one; what takes its place is `#maintain`'s matter. */
  #renew(slot: Slot<Assignment>): void {
    if (slot.state === 'busy') slot.last = true;
    else if (slot.state === 'starting') slot.kill('SIGKILL');
    else this.#retire(slot);
  }

  #retire(slot: Slot<Assignment>): void {
    const at = this.#idle.indexOf(slot);
    if (at >= 0) this.#idle.splice(at, 1);
    slot.retire();
  }

  #spawn(): void {
    const { source, maxMemory } = this.#options;
    const { hostname } = this.#context;
    const slot = new Slot({
      ...this.#options,
      setup: { source, hostname, parent: process.pid, measured: maxMemory !== null },
      onMessage: this.#onMessage,
      onExit: this.#onExit,
    });
    this.#slots.add(slot);
  }

  /** Gives waiting jobs to idle children. */
  #feed(): void {
    const { maxTasks } = this.#options;
    while (this.#idle.length > 0) {
      const assignment = this.#waiting.shift();
      if (assignment === undefined) return;
      if (assignment.over) continue;
      const slot = this.#idle.pop() as Slot<Assignment>;
      assignment.begin(slot);
      // Its successor comes up while it does its last job.
      if (maxTasks !== null && slot.jobs >= maxTasks) {
        slot.last = true;
        this.#maintain();
      }
    }
  }

  readonly #onMessage = (slot: Slot<Assignment>, message: FromChild): void => {
    const assignment = slot.current;
    if (message.kind === 'alive' || message.kind === 'failed') return;
    if (message.kind === 'log')
      return this.#logger[message.level](unpack(message.data) as object, message.message);
    if (message.kind === 'ready') {
      this.#failures = 0;
      return this.#free(slot);
    }
    // Of a job that was cut, or one before it.
    if (assignment === undefined || assignment.number !== message.job) return;
    switch (message.kind) {
      case 'watch':
        return assignment.watch();
      case 'state':
        return void assignment.store(message);
      case 'stray':
        return this.#stray(slot, assignment, unpack(message.data));
      case 'end':
        this.#assignments.delete(assignment.job);
        assignment.ended(message);
        return this.#after(slot, message.memory);
    }
  };

  /** Its state is anyone's guess after an error that nobody caught. */
  #stray(slot: Slot<Assignment>, assignment: Assignment, error: unknown): void {
    this.#end(assignment, assignment.job.outcomeOf(error));
    slot.kill('SIGKILL');
    this.#maintain();
  }

  #after(slot: Slot<Assignment>, memory: number | null): void {
    const { maxMemory } = this.#options;
    if (slot.state !== 'busy') return;
    slot.state = 'idle';
    const tooLarge = maxMemory !== null && memory !== null && memory > maxMemory;
    if (tooLarge)
      this.#logger.info({ pid: slot.pid, memory, maxMemory }, 'a child uses too much memory: it is replaced');
    if (!tooLarge && !slot.last) return this.#free(slot);
    slot.retire();
    this.#maintain();
  }

  #free(slot: Slot<Assignment>): void {
    if (slot.state !== 'idle') return;
    this.#idle.push(slot);
    this.#feed();
  }

  readonly #onExit = (slot: Slot<Assignment>, how: string): void => {
    const asked = slot.state === 'ending';
    const came = slot.jobs > 0 || slot.state !== 'starting';
    slot.state = 'gone';
    this.#slots.delete(slot);
    const at = this.#idle.indexOf(slot);
    if (at >= 0) this.#idle.splice(at, 1);
    const { current } = slot;
    if (current !== undefined) {
      const error = new WorkerLostError(`Worker exited prematurely: ${how} Job: ${current.number}.`);
      this.#end(current, { kind: 'crashed', error });
    }
    if (asked) return this.#maintain();
    this.#logger.error({ pid: slot.pid, how, jobs: slot.jobs }, 'a child of the pool ended');
    if (came) return this.#maintain();
    void slot.ready.catch((error: unknown) => this.#later(error));
  };

  /** What does not come up is tried again, ever more rarely. */
  #later(error: unknown): void {
    if (this.#stopping) return;
    this.#logger.error({ error: messageOf(error) }, 'a child of the pool did not come up');
    this.#cancelSpawn?.();
    const wait = backoffMs(this.#failures, { baseMs: 200, maxMs: 10_000, random: () => 1 });
    this.#failures += 1;
    this.#cancelSpawn = this.#options.clock.after(wait, () => this.#maintain());
  }

  #end(assignment: Assignment, outcome: Outcome): void {
    this.#assignments.delete(assignment.job);
    assignment.end(outcome);
  }

  get #logger(): Logger {
    return this.#context.logger;
  }
}
