export { Heartbeats } from './heartbeats.js';
