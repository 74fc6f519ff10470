import type { Clock, Logger, Service } from '../../base/index.js';
import type { SqsFaults } from './faults.js';
import type { Durability } from './journal/journal.js';

export interface SqsServerOptions {
  /** Port on 127.0.0.1. Default 0: any free one. */
  readonly port?: number;
  /** Folder for the journal, made when there is none; one process at a time. Default: memory only. */
  readonly dataDir?: string;
  /**
   * When a call is answered, given a data folder. `write` (default): once the system has its records, which then
   * survive the death of the process by any signal. `fsync`: once the disk has them, which survives a power cut too.
   */
  readonly durability?: Durability;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Region in ARNs. Default `us-east-1`. */
  readonly region?: string;
  /** Account in queue URLs and ARNs, twelve digits. Default `000000000000`. */
  readonly accountId?: string;
  /** Default: says nothing. */
  readonly logger?: Logger;
  /** Trouble on purpose, for tests. Default: none. */
  readonly faults?: SqsFaults;
}

/** A running server. */
export interface SqsServer extends Service {
  /** `http://127.0.0.1:<port>`: what the SDKs call the endpoint. */
  readonly url: string;
  readonly port: number;
  /** Ends long polls with no messages, writes what is left to write and gives the data folder free. */
  close(): Promise<void>;
}
