import type { App } from '../../app/index.js';
import type { Logger } from '../../base/index.js';
import type { Control } from '../../remote/index.js';
import type { Database } from '../store/database.js';
import type { ActionItem, ActionName } from '../views/index.js';
import type { Outgoing } from './outgoing.js';
import type { ParametersOf } from './parameters.js';

/** What an action works with. */
export interface ActionContext {
  readonly app: App;
  readonly database: Database;
  readonly control: Control;
  readonly logger: Logger;
  /** Messages an action sends. */
  readonly outgoing: Outgoing;
  /** Where beat keeps its entries; undefined: where the app's settings say. */
  readonly schedules: string | undefined;
}

export interface Performance<A extends ActionName> {
  readonly targets: readonly string[];
  readonly parameters: ParametersOf<A>;
  readonly user: string;
  /** The same when the action is performed again because its program ended. */
  readonly key: string;
}

/** What became of each target, and what the audit should know besides. */
export interface Performed {
  readonly items: readonly ActionItem[];
  readonly detail?: Readonly<Record<string, unknown>>;
}

/**
 * Does an action. It may be done again under the same key, when the program ended in the middle: what has taken effect then
 * stays as it is.
 */
export type Performer<A extends ActionName> = (
  context: ActionContext,
  performance: Performance<A>,
) => Promise<Performed>;
