import type { AnyState } from '../../base/index.js';
import type { Phase } from '../views/index.js';

/** One task of a family, as the graph needs it. */
export interface GraphMember {
  readonly taskId: string;
  readonly type: string;
  readonly parentId: string | null;
  readonly status: AnyState;
  readonly phase: Phase;
  readonly created: Date;
  readonly started: Date | null;
  readonly done: Date | null;
  readonly retries: number;
  readonly isResult: boolean;
}
