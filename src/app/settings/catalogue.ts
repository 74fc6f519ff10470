import { brokerSettings } from './broker.js';
import { generalSettings } from './general.js';
import type { Setting } from './kind.js';
import { resultSettings } from './result.js';
import { taskSettings } from './task.js';
import { workerSettings } from './worker.js';

/** Every setting, under Celery's name. Types, defaults, validation, suggestions and documentation derive from this list. */
export const catalogue = {
  ...generalSettings,
  ...brokerSettings,
  ...taskSettings,
  ...workerSettings,
  ...resultSettings,
} as const;

export type SettingName = keyof typeof catalogue;

type OutputOf<S> = S extends Setting<infer Out, infer _In> ? Out : never;
type InputOf<S> = S extends Setting<infer _Out, infer In> ? In : never;

/** Internal variables of a `Config`, by convention entirely upper case. */
type InternalVariables = Readonly<Record<Uppercase<string>, unknown>>;

/** Every setting with its default filled in, and the internal variables. */
export type Settings = { readonly [K in SettingName]: OutputOf<(typeof catalogue)[K]> } & InternalVariables;

/** Settings as a user gives them. */
export type SettingsInput = {
  readonly [K in SettingName]?: InputOf<(typeof catalogue)[K]> | undefined;
} & InternalVariables;

/** True when `name` is a setting of the catalogue. */
export const isSettingName = (name: string): name is SettingName => Object.hasOwn(catalogue, name);
