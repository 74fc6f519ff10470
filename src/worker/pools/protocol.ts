import type { TaskMessage, TaskRequest } from '../../app/index.js';
import type { DeliveryInfo } from '../../messaging/index.js';
import type { Outcome } from '../execution/outcome.js';
import type { Packed } from './crossing/index.js';

/** Where a child finds the app whose tasks it runs. */
export interface AppSource {
  /** URL of the module. */
  readonly module: string;
  /** Given to the module's `openApp`, where it exports that instead of an app. */
  readonly data?: unknown;
}

/** What a child is told when it is made. */
export interface ChildSetup {
  readonly source: AppSource;
  readonly hostname: string;
  /** Process of the worker. */
  readonly parent: number;
  /** The child reports how much memory it uses after each job. */
  readonly measured: boolean;
}

/** A job as the child gets it, packed. */
export interface JobData {
  readonly message: TaskMessage;
  readonly delivery: DeliveryInfo;
}

/** What a job ended in, packed. */
export interface EndData {
  readonly outcome: Outcome;
  /** Result tuples of the calls its code made. */
  readonly children: readonly unknown[];
  /** What the task took over of its own callbacks. */
  readonly taken: Partial<Pick<TaskRequest, 'callbacks' | 'errbacks' | 'chain' | 'chord'>> | null;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** From the worker to a child. What is packed is under `data`; `job` numbers jobs within the pool. */
export type ToChild =
  | { readonly kind: 'job'; readonly job: number; readonly data: Packed }
  | { readonly kind: 'abort'; readonly job: number; readonly data: Packed }
  /** Answer to `state`; with the error when it could not be stored. */
  | { readonly kind: 'stored'; readonly call: number; readonly data: Packed | null }
  | { readonly kind: 'stop' };

/** The first message to a process; a thread is made with its setup. */
export type Setup = { readonly kind: 'setup' } & ChildSetup;

/** From a child to the worker. */
export type FromChild =
  /** Its program runs; the app is loaded next. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly data: Packed }
  /** `memory` in KiB. */
  | { readonly kind: 'end'; readonly job: number; readonly data: Packed; readonly memory: number | null }
  /** The task asked for its signal: it wants to hear of an abort. */
  | { readonly kind: 'watch'; readonly job: number }
  | {
      readonly kind: 'state';
      readonly job: number;
      readonly call: number;
      readonly state: string;
      readonly data: Packed;
    }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly data: Packed; readonly message: string }
  /** An error that no promise of the job hears: thrown in a timer, or a rejection nobody handles. */
  | { readonly kind: 'stray'; readonly job: number; readonly data: Packed };

/** A child's end of the line. */
export interface ChildPort {
  /** What it is in, in words. */
  readonly place: 'thread' | 'process';
  send(message: FromChild): void;
  onMessage(listener: (message: ToChild) => void): void;
  /** KiB in use. */
  memory(): number;
}

/** Descriptor of the pipe between a process and the worker. */
export const LINE_FD = 3;
