export type { App, EncodedCall, SettingsSource, TaskRegistry } from './app.js';
export type { CallOptions, TaskCall } from './call-options.js';
export { type AppSurroundings, CeleryApp, type CeleryAppParts } from './celery-app.js';
export { currentTask, recordChild, runInTask } from './current-task.js';
export type { Instrumentation, PublishedCall } from './instrumentation.js';
export { localContext } from './local-context.js';
export { type DecodeContext, decodeTaskMessage, readTaskMessage } from './protocol/decode.js';
export { decodeContext } from './protocol/decode-context.js';
export type { InvalidReason } from './protocol/invalid-message.js';
export { parseIsoTime, toIsoTime } from './protocol/iso-time.js';
export { shownArguments } from './protocol/redaction.js';
export type { SecurityOptions } from './security.js';
export {
  catalogue,
  type ResolveOptions,
  type RetryPolicy,
  type Route,
  type RouteMap,
  type Router,
  type Routes,
  resolveSettings,
  type Setting,
  type SettingName,
  type SettingProblem,
  type Settings,
  type SettingsInput,
} from './settings/index.js';
export type { Signals } from './signals.js';
export type { SignatureData } from './signature-data.js';
export {
  type ApplyInput,
  type ApplyOptions,
  type Bound,
  defineTask,
  type InputTask,
  type PositionalOptions,
  type Task,
  type Unbound,
  type WithInput,
} from './task.js';
export type {
  ErrorFilter,
  RegisteredTask,
  Replacement,
  RetryOptions,
  TaskContext,
  TaskOptions,
  TaskRequest,
} from './task-definition.js';
export type { Embed, TaskMessage } from './task-message.js';
export {
  UNIQUE_KEY_HEADER,
  type UniqueCall,
  type UniqueOptions,
  type UniqueRule,
  uniqueRule,
} from './unique.js';
