import type { Embed, RegisteredTask, TaskContext, TaskMessage, TaskRequest } from '../../app/index.js';
import type { Delivery, DeliveryInfo } from '../../messaging/index.js';
import type { PoolJob } from '../pools/pool.js';
import { requestOf } from './request.js';
import { ignoresResult, type TaskPolicy } from './run-policy.js';

/** Where a message stands in this worker. */
export type RunPhase = 'waiting' | 'reserved' | 'running' | 'settling' | 'done';

/** True when the broker has, or may have, given the message to someone else. */
export const isLost = (delivery: Delivery): boolean => delivery.isLost ?? delivery.lost.aborted;

/** True when the broker, or a worker that repeated what another had begun, says that it may have been run before. */
export const isRedelivered = ({ info, headers }: Delivery): boolean =>
  info.redelivered || (info.deliveryCount ?? 1) > 1 || headers.redelivered === true;

const none: readonly Delivery[] = [];

/**
 * One task message in this worker's hands: what it asks, the lease it is held under, the copies of it that came
 * meanwhile, and the one abort signal of its run.
 */
export class Run {
  readonly message: TaskMessage;
  readonly task: RegisteredTask;
  readonly policy: TaskPolicy;
  readonly ignoreResult: boolean;
  phase: RunPhase = 'waiting';
  /** Wall clock, milliseconds; null before it was begun. */
  startedAt: number | null = null;
  /** Monotonic milliseconds. */
  readonly receivedAt: number;
  beganAt = 0;
  /** How long its code ran; 0 before it has ended. */
  runtimeMs = 0;
  /** Result tuples of the calls made while it ran. */
  readonly children: unknown[] = [];
  /** Wall clock, milliseconds: from then on it is discarded. */
  readonly expiresAt: number | null;
  /** The message was acknowledged before the run: nothing is left to dispose of. */
  acked = false;
  /** An earlier delivery of it was begun and not finished, as far as anybody knows: it may be what ends workers. */
  suspect = false;
  /** Someone asked that it be revoked before it began, or while it ran. */
  revoked: 'revoked' | 'terminated' | null = null;
  /** Made when it begins. */
  context: TaskContext | undefined;
  job: PoolJob | undefined;
  /** The process its code runs in. */
  pid = process.pid;
  /** Stops the clocks of its time limits. */
  disarm: (() => void) | undefined;
  #lease: Delivery;
  #parked: Delivery[] | undefined;
  #followers: Delivery[] | undefined;
  #request: TaskRequest | undefined;
  #controller: AbortController | undefined;
  #reason: Error | undefined;
  #unwatch: (() => void) | undefined;

  constructor(
    message: TaskMessage,
    task: RegisteredTask,
    policy: TaskPolicy,
    delivery: Delivery,
    receivedAt: number,
    expiresAt: number | null = null,
  ) {
    this.receivedAt = receivedAt;
    this.message = message;
    this.expiresAt = expiresAt;
    this.task = task;
    this.policy = policy;
    this.ignoreResult = ignoresResult(message, policy);
    this.#lease = delivery;
  }

  get id(): string {
    return this.message.id;
  }

  get lease(): Delivery {
    return this.#lease;
  }

  /** Built when somebody looks: most runs need none. */
  get request(): TaskRequest {
    this.#request ??= requestOf(this.message, this.deliveryInfo);
    return this.#request;
  }

  /** As the task sees it: a copy that took the place of a message is as redelivered as that one was. */
  get deliveryInfo(): DeliveryInfo {
    const { info, headers } = this.#lease;
    return headers.redelivered === true && !info.redelivered ? { ...info, redelivered: true } : info;
  }

  /** A part of the embed, as the task has left it: a task may take over its own callbacks. */
  followup<K extends keyof Embed>(part: K): Embed[K] {
    return (this.#request ?? this.message.embed)[part];
  }

  /** True when a copy of this very attempt: same id, same retries and snoozes, same replacement. */
  sameAttempt(message: TaskMessage): boolean {
    return (
      message.retries === this.message.retries &&
      message.snoozes === this.message.snoozes &&
      message.replacedTaskNesting === this.message.replacedTaskNesting
    );
  }

  /** Keeps a copy of the message until the run has ended; it shares the run's fate. */
  park(copy: Delivery): void {
    this.#parked ??= [];
    this.#parked.push(copy);
  }

  /** Keeps another attempt of the same task until this one has ended; it is then taken up. */
  follow(attempt: Delivery): void {
    this.#followers ??= [];
    this.#followers.push(attempt);
  }

  get followers(): readonly Delivery[] {
    return this.#followers ?? none;
  }

  /** True when the broker had delivered it before: an earlier run may have done part of the work. */
  get redelivered(): boolean {
    return isRedelivered(this.#lease);
  }

  /**
   * True while the message is ours. When its lease is gone but the broker has given us a copy, that copy's lease takes
   * its place.
   */
  held(): boolean {
    if (this.acked || !isLost(this.#lease)) return true;
    const valid = this.#parked?.findIndex((copy) => !isLost(copy)) ?? -1;
    if (this.#parked === undefined || valid < 0) return false;
    const [copy] = this.#parked.splice(valid, 1);
    if (copy === undefined) return false;
    this.#lease = copy;
    return true;
  }

  /** The other deliveries of this message that came meanwhile. */
  copies(): readonly Delivery[] {
    return this.#parked ?? none;
  }

  /** One signal for revoke, time limit, lost lease and shutdown. Made when first asked for. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      this.#controller = controller;
      if (this.#reason !== undefined) controller.abort(this.#reason);
      else if (!this.acked) this.#watchLease();
    }
    return this.#controller.signal;
  }

  /** Why the run was told to end, if it was. The first reason counts. */
  get abortReason(): Error | undefined {
    return this.#reason;
  }

  abort(reason: Error): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }

  /** Lets go of what outlives the run. */
  close(): void {
    this.phase = 'done';
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  #watchLease(): void {
    const { lost } = this.#lease;
    const tell = (): void => this.abort(lost.reason as Error);
    if (lost.aborted) return tell();
    lost.addEventListener('abort', tell, { once: true });
    this.#unwatch = () => lost.removeEventListener('abort', tell);
  }
}
