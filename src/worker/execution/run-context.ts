import type { TaskRequest } from '../../app/index.js';
import { ToolboxError } from '../../base/index.js';
import type { ResultBackend } from '../../results/index.js';
import type { Pulse } from '../events/heart.js';
import type { Run } from '../runs/run.js';
import { recordOf } from '../settlement/records.js';
import { MessageContext, type MessageServices } from './message-context.js';

/** What contexts share. */
export interface ContextServices extends MessageServices {
  readonly backend: ResultBackend | undefined;
  readonly extended: boolean;
  readonly attempts: boolean;
  readonly pulse: Pulse | undefined;
}

/** What a run may ask and do in the worker itself. */
export class RunContext extends MessageContext {
  readonly #run: Run;
  readonly #services: ContextServices;

  constructor(run: Run, services: ContextServices) {
    super(run.message, run.task, services);
    this.#run = run;
    this.#services = services;
  }

  get request(): TaskRequest {
    return this.#run.request;
  }

  get signal(): AbortSignal {
    return this.#run.signal;
  }

  async updateState(state: string, meta: unknown = null): Promise<void> {
    const run = this.#run;
    if (run.phase !== 'running' || !run.held()) throw notOurs(run.id, state);
    await this.#services.backend?.store(recordOf(run, this.#services, state, meta, null));
  }
}

/** The run is over, or no longer ours: what it says about the task is not stored. */
export const notOurs = (id: string, state: string): ToolboxError =>
  new ToolboxError(
    'LEASE_LOST',
    `task ${id}: the state ${state} is not stored, because this run has ended or its message was given to another worker`,
    { fields: { id, state } },
  );
