import type { App } from '../../app/index.js';
import { messageOf, newId, redact, ToolboxError } from '../../base/index.js';
import { createControl } from '../../remote/index.js';
import type { Database } from '../store/database.js';
import {
  ACTIONS,
  type ActionItem,
  type ActionName,
  type ActionReport,
  type BulkRequest,
  type BulkView,
  ROLES,
} from '../views/index.js';
import { ActionKeys } from './action-keys.js';
import type { Actor } from './actor.js';
import { Bulk } from './bulk.js';
import { failed } from './items.js';
import { Outgoing } from './outgoing.js';
import { readParameters } from './parameters.js';
import type { ActionContext, Performed, Performer } from './performer.js';
import { PERFORMERS } from './performers.js';

export interface ActionsOptions {
  readonly app: App;
  readonly database: Database;
  /** The store of schedules, as beat takes it. Default: `beat_scheduler`. */
  readonly schedules?: string | undefined;
}

/** Most targets of one request; more are a matter for bulk work. */
const MOST = 500;
/** Most items the audit tells of one by one. */
const TOLD = 100;

/**
 * What people may have done to tasks, queues, workers and schedules. Every request leaves one row in the audit; one that is
 * repeated under its key is answered with the first one's report and does nothing.
 */
export class Actions {
  readonly #context: ActionContext;
  readonly #keys: ActionKeys;
  readonly #bulk: Bulk;

  constructor({ app, database, schedules }: ActionsOptions) {
    const logger = app.logger.child({ service: 'actions' });
    const { clock } = app;
    this.#context = {
      app,
      database,
      logger,
      schedules,
      control: createControl(app),
      outgoing: new Outgoing({ app, database, logger, clock }),
    };
    this.#keys = new ActionKeys(database, clock);
    this.#bulk = new Bulk(this.#context);
  }

  /**
   * Does an action to some targets: ids of tasks or of quarantined messages, names of queues, workers or schedules. Resolves
   * with what became of each; what is unsafe is refused with its reason.
   *
   * @throws ACTION_REFUSED when the role may not do it, or the key was used for something else; CONFIG_INVALID for parameters
   * that make no sense; STORE_UNREACHABLE, STORE_REFUSED.
   */
  async perform(
    action: ActionName,
    targets: readonly string[],
    parameters: unknown,
    who: Actor,
  ): Promise<ActionReport> {
    mayDo(action, who);
    const ids = [...new Set(targets)];
    if (ids.length === 0 || ids.length > MOST) throw tooMany(action, ids.length);
    const read = readParameters(action, parameters);
    const key = `${who.user}\n${who.key ?? newId()}`;
    const detail = { parameters: redact(read), ...(ids.length > 1 && { targets: ids.slice(0, TOLD) }) };
    const target = ids.length === 1 ? (ids[0] ?? '') : `${ids.length} targets`;
    const begun = await this.#keys.begin(
      { key, user: who.user, role: who.role, action, target, count: ids.length, detail },
      [action, ids, read],
    );
    if ('report' in begun) return begun.report;
    const { items, detail: more } = await this.#try(action, {
      targets: ids,
      parameters: read,
      user: who.user,
      key: begun.run,
    });
    const report = { action, items: [...items] };
    await this.#keys.finish(key, begun.run, report, outcomeOf(items), {
      ...(redact(more ?? {}) as object),
      items: items.slice(0, TOLD),
    });
    return report;
  }

  /**
   * Begins work on all that a filter finds now: a snapshot of at most 10,000 ids, worked through at a rate. With the key of an
   * earlier request it is that one's work. It survives this program: whoever looks at it goes on.
   *
   * @throws ACTION_REFUSED for the role, and when more is found than was confirmed; CONFIG_INVALID for a request that makes no
   * sense.
   */
  async startBulk(request: BulkRequest, who: Actor): Promise<BulkView> {
    mayDo(request.action, who);
    return this.#bulk.start(request, who);
  }

  /** No further item is begun, within a second. What was done stays done. @throws ACTION_REFUSED, CONFIG_INVALID */
  async stopBulk(id: string, who: Actor): Promise<BulkView> {
    const view = await this.#bulk.view(id);
    if (view !== undefined) mayDo(view.action as ActionName, who);
    return this.#bulk.stop(id);
  }

  /** How far bulk work is; undefined when there is none of that id. */
  bulkView(id: string): Promise<BulkView | undefined> {
    return this.#bulk.view(id);
  }

  /** Lets go of bulk work: it goes on with the next program that looks at it. App and database stay open. */
  close(): Promise<void> {
    return this.#bulk.close();
  }

  async #try(action: ActionName, performance: Parameters<Performer<ActionName>>[1]): Promise<Performed> {
    try {
      return await (PERFORMERS[action] as Performer<ActionName>)(this.#context, performance);
    } catch (error) {
      this.#context.logger.error({ action, error: messageOf(error) }, 'an action failed');
      return { items: performance.targets.map((id) => failed(id, messageOf(error))) };
    }
  }
}

/** @throws ACTION_REFUSED */
export function mayDo(action: ActionName, { role }: Actor): void {
  const least = ACTIONS[action];
  if (ROLES.indexOf(role) >= ROLES.indexOf(least)) return;
  throw new ToolboxError('ACTION_REFUSED', `${action} needs the role ${least}; yours is ${role}`, {
    fields: { action, role, needs: least, reason: 'role' },
  });
}

const tooMany = (action: string, count: number): ToolboxError =>
  new ToolboxError('CONFIG_INVALID', `${action}: expected 1 to ${MOST} targets, got ${count}`, {
    fields: { key: 'targets' },
  });

/** One word where all agree, else the numbers. */
function outcomeOf(items: readonly ActionItem[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of items) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const [only] = counts.keys();
  if (counts.size === 1 && only !== undefined) return only;
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
}
