import type { App, SignatureData } from '../../app/index.js';
import { messageOf } from '../../base/index.js';
import { applySignature, callErrback, isCalledHere } from '../../canvas/index.js';
import type { Run } from '../runs/run.js';
import { following } from './following.js';
import type { Publisher } from './publisher.js';
import type { ResultWriter } from './result-writer.js';

const BEGUN: ReadonlySet<string> = new Set(['STARTED', 'RETRY', 'SUCCESS']);

/** Sends what a run leads to: callbacks and the chain's next step, or the errbacks (protocol sections 8.3 and 8.4). */
export class Followups {
  readonly #app: App;
  readonly #publisher: Publisher;
  readonly #results: ResultWriter;

  constructor(app: App, publisher: Publisher, results: ResultWriter) {
    this.#results = results;
    this.#app = app;
    this.#publisher = publisher;
  }

  /**
   * Resolves with false when given up because the message is not ours any longer; rejects when refused for good.
   * When an earlier delivery may have sent the chain's next step already, one that has begun is not sent again.
   */
  async onSuccess(run: Run, value: unknown): Promise<boolean> {
    for (const signature of asOneEach(run.followup('callbacks'))) {
      if (!(await this.#send(run, signature, [value]))) return false;
    }
    const chain = run.followup('chain');
    const next = chain?.at(-1);
    if (next === undefined || (run.redelivered && (await this.#hasBegun(next, run)))) return true;
    return this.#send(run, next, [value], { chain: chain?.slice(0, -1) });
  }

  /** As `onSuccess`: an errback is sent with the id of the failed task, or called here when it takes more than that. */
  async onFailure(run: Run, error: unknown, traceback: string | null): Promise<boolean> {
    const errbacks = run.followup('errbacks') ?? [];
    const called = errbacks.filter((errback) => isCalledHere(this.#app, errback));
    for (const errback of called) {
      const failure = { request: run.request, error, traceback };
      await callErrback(this.#app, errback, failure, run.context).catch((cause: unknown) =>
        this.#app.logger.error(
          { errback: errback.task, id: run.id, error: messageOf(cause) },
          'errback failed',
        ),
      );
    }
    const sent = errbacks.filter((errback) => !called.includes(errback));
    for (const signature of asOneEach(sent, true)) {
      if (!(await this.#send(run, signature, [run.id]))) return false;
    }
    return true;
  }

  async #hasBegun({ options }: SignatureData, run: Run): Promise<boolean> {
    if (typeof options.task_id !== 'string') return false;
    const meta = await this.#results.read(options.task_id, run);
    return meta !== undefined && BEGUN.has(meta.status);
  }

  #send(
    run: Run,
    signature: SignatureData,
    args: readonly unknown[],
    options: Readonly<Record<string, unknown>> = {},
  ): Promise<boolean> {
    const inherited = this.#app.conf.task_inherit_parent_priority ? run.lease.info.priority : null;
    return this.#publisher.publish(
      following(this.#app, run, () =>
        applySignature(this.#app, signature, {
          args,
          options: {
            ...options,
            root_id: run.message.rootId,
            parent_id: run.id,
            ...(inherited !== null && { priority: inherited }),
            // It may be under way already: whoever gets the second copy looks before it runs.
            ...(run.redelivered && { headers: { ...headersOf(signature), redelivered: true } }),
          },
        }),
      ),
      run,
    );
  }
}

/**
 * Celery's way of sending several callbacks: groups each alone, all others together as one group. A single callback
 * goes alone, a single errback as a group of one.
 */
function asOneEach(signatures: readonly SignatureData[] | null, always = false): readonly SignatureData[] {
  if (signatures === null || signatures.length === 0) return [];
  if (signatures.length === 1 && !always) return signatures;
  const groups = signatures.filter(({ subtask_type }) => subtask_type === 'group');
  const others = signatures.filter(({ subtask_type }) => subtask_type !== 'group');
  return others.length === 0 ? groups : [...groups, groupOf(others)];
}

const groupOf = (tasks: readonly SignatureData[]): SignatureData => ({
  task: 'celery.group',
  args: [],
  kwargs: { tasks },
  options: {},
  subtask_type: 'group',
  immutable: false,
});

const headersOf = ({ options: { headers } }: SignatureData): object =>
  typeof headers === 'object' && headers !== null ? headers : {};
