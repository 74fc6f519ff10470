import type { QueryConfig, QueryResultRow } from 'pg';

/** The platform database as this floor needs it. Rejects with STORE_UNREACHABLE (worth retrying) or STORE_REFUSED. */
export interface Database {
  /** Where it is, password masked. */
  readonly url: string;
  query<R extends QueryResultRow>(query: QueryConfig): Promise<readonly R[]>;
  /** Statements on one connection that nobody else uses meanwhile: for locks that last as long as it. */
  alone<T>(work: (query: Database['query']) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
