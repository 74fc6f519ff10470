import { newId, silentLogger, ToolboxError } from '../base/index.js';
import { currentTask } from './current-task.js';
import type { RetryOptions, TaskContext, TaskRequest } from './task-definition.js';

/**
 * The context of a task that is called as a function, outside any worker: it belongs to the running task's family, its
 * states are stored nowhere, and `retry` throws the error it was given.
 */
export function localContext(name: string): TaskContext {
  const parent = currentTask();
  const id = newId();
  const request = localRequest(name, id, parent);
  return {
    id,
    name,
    rootId: request.rootId,
    parentId: request.parentId,
    retries: 0,
    hostname: parent?.hostname ?? 'local',
    request,
    signal: parent?.signal ?? new AbortController().signal,
    logger: parent?.logger ?? silentLogger,
    retry: ({ error }: RetryOptions = {}): never => {
      if (error instanceof Error) throw error;
      throw new ToolboxError('STATE_INVALID', `Task ${name} was called as a function: it cannot be retried`, {
        cause: error,
      });
    },
    snooze: () => {
      throw new ToolboxError('STATE_INVALID', `Task ${name} was called as a function: it cannot come later`);
    },
    replace: async () => {
      throw new ToolboxError('STATE_INVALID', `Task ${name} was called as a function: it cannot be replaced`);
    },
    addToChord: async () => {
      throw new ToolboxError(
        'STATE_INVALID',
        `Task ${name} was called as a function: it is part of no chord`,
      );
    },
    updateState: async () => {},
    progress: async () => {},
  };
}

const localRequest = (task: string, id: string, parent: TaskContext | undefined): TaskRequest => ({
  task,
  id,
  args: [],
  kwargs: {},
  callbacks: null,
  errbacks: null,
  chain: null,
  chord: null,
  rootId: parent?.rootId ?? id,
  parentId: parent?.id ?? null,
  groupId: null,
  groupIndex: null,
  retries: 0,
  eta: null,
  expires: null,
  timelimit: [null, null],
  ignoreResult: null,
  origin: null,
  shadow: null,
  argsrepr: '',
  kwargsrepr: '',
  replacedTaskNesting: 0,
  snoozes: 0,
  stampedHeaders: null,
  stamps: {},
  correlationId: null,
  replyTo: null,
  priority: null,
  customHeaders: {},
  customProperties: {},
  deliveryInfo: { exchange: '', routing_key: '', priority: null, redelivered: false },
});
