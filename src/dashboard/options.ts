import type { Clock, Logger } from '../base/index.js';
import type { Celery } from '../toolbox/index.js';
import type { AccountStore } from './auth/account-store.js';
import type { HostSignIn } from './auth/gate.js';
import type { ProxySignIn } from './auth/proxy-sign-in.js';

export interface DashboardOptions {
  /** The app whose tasks are shown. Without one there is nothing to act with: the page can be read. */
  readonly app?: Celery | undefined;
  /** The platform's database: `postgresql://…`. */
  readonly database: string;
  /** Users with passwords, and API tokens. Default: tables of the database; `fileAccounts(path)` keeps them in a file. */
  readonly accounts?: AccountStore | undefined;
  /** A proxy signs people in, and says who it is in headers. */
  readonly proxySignIn?: ProxySignIn | undefined;
  /** The program around us signs people in. */
  readonly signIn?: HostSignIn | undefined;
  /** Path under which we are mounted, `/tasks-board`. Default: none. */
  readonly urlPrefix?: string | undefined;
  /** Addresses and CIDR blocks whose `X-Forwarded-*` headers count. Default: none. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Names we are reached by; others are refused. Default: any, and as long as nobody can sign in, those of this machine. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Names of tasks whose arguments and results viewers do not see; `export.*` matches a beginning. Default: none. */
  readonly privateTasks?: readonly string[] | undefined;
  /** The store of schedules, as beat takes it. Default: `beat_scheduler`. */
  readonly schedules?: string | undefined;
  /** Ask workers to tell of their tasks, as Flower does. Default: true, and false on SQS, where each event is a row. */
  readonly enableEvents?: boolean | undefined;
  /** What `/metrics` needs as a Bearer token, besides a signed-in viewer. Default: nothing, it is open. */
  readonly metricsToken?: string | undefined;
  /** Folder of the built page. Default: the one of this package. */
  readonly webRoot?: string | undefined;
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
}
