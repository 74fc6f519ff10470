export { connectionString } from './connection-string.js';
export { spoilsConnection, sqlState, type Verdict, verdictOf } from './driver-errors.js';
