import type { ErrorCode } from '../base/index.js';

/** What a Redis is used for: how errors call its settings, and their codes. */
export interface RedisPurpose {
  /** The setting that holds the URL: `broker_url`. */
  readonly url: string;
  /** The one that holds the options: `broker_transport_options`. */
  readonly options: string;
  /** The one for TLS: `broker_use_ssl`. */
  readonly tls: string;
  readonly unreachable: ErrorCode;
  readonly refused: ErrorCode;
}

export const BROKER: RedisPurpose = {
  url: 'broker_url',
  options: 'broker_transport_options',
  tls: 'broker_use_ssl',
  unreachable: 'BROKER_UNREACHABLE',
  refused: 'BROKER_REFUSED',
};

export const RESULTS: RedisPurpose = {
  url: 'result_backend',
  options: 'result_backend_transport_options',
  tls: 'redis_backend_use_ssl',
  unreachable: 'RESULT_BACKEND_UNREACHABLE',
  refused: 'RESULT_BACKEND_REFUSED',
};
