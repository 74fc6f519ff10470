// What the page in the browser knows of the server: types, and nothing that runs.
export type * from '../platform/index.js';
export type { Answers, Inputs, PathOf } from './client/api.js';
export type { Problem, ProblemCode } from './http/problem.js';
