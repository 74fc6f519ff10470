import type { DeathPoint } from './deaths.js';

/** What every program of a row is told: its app's settings, and where the ledger is. */
interface Plan {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly ledger: string;
}

export interface WorkerPlan extends Plan {
  /** As `createWorker` takes them. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The database in which it keeps what nobody can process. */
  readonly quarantine: string;
  /** Where it kills itself, once for each task. */
  readonly dies?: DeathPoint;
}

export interface SyncPlan extends Plan {
  readonly database: string;
  readonly batchSize: number;
  /** It kills itself after so many commits, before the messages are acknowledged. */
  readonly diesAfter?: number;
}

export interface BeatPlan extends Plan {
  /** As `beat --store` takes it. */
  readonly store: string;
  readonly leaseMs: number;
}

/** A producer that dies between the two copies of its messages. */
export interface HalfPlan extends Plan {
  readonly ids: readonly string[];
  /** The queue that gets its copy. */
  readonly first: string;
}

/** The file to which a beat that takes the lead adds its process id. */
export const leadersOf = (ledger: string): string => `${ledger}.leaders`;
