export {
  catalogue,
  type SettingName,
  type Settings,
  type SettingsInput,
} from './catalogue.js';
export type { Setting } from './kind.js';
export { type ResolveOptions, resolveSettings, type SettingProblem } from './resolve.js';
export type { Route, RouteMap, Router, Routes } from './route-kind.js';
export type { RetryPolicy } from './task.js';
