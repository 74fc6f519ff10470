export { setupTracing, type TracingOptions } from './setup-tracing.js';
