export type { App, SettingsSource, TaskRegistry } from './app.js';
export type { CallOptions, TaskCall } from './call-options.js';
export {
  catalogue,
  isSettingName,
  nearestName,
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
export type {
  RegisteredTask,
  RetryOptions,
  TaskContext,
  TaskOptions,
  TaskRequest,
} from './task-definition.js';
export type { Embed, TaskMessage } from './task-message.js';
