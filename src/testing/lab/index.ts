export type { ExpectedCall } from './assert-sent.js';
export type { Moment, Operation } from './faults.js';
export { Lab, type TaskRun } from './lab.js';
export type { LabOptions, StoredState } from './lab-world.js';
export type { LogLine } from './log-lines.js';
export { runTask } from './run-task.js';
export type { SentTask } from './sent-task.js';
export type { UntilOptions } from './until.js';
