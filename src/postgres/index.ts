export { type ConnectionSettings, connectionSettings } from './connection-settings.js';
export { connectionString } from './connection-string.js';
export { spoilsConnection, sqlState, type Verdict, verdictOf } from './driver-errors.js';
export { Session, type SessionOptions } from './session.js';
export { storeError } from './store-errors.js';
