import { describe, expect, it } from 'vitest';
import { EventLines } from '../../../src/cli/event-lines.js';
import { exitCodeFor, NobodyReplied } from '../../../src/cli/failure.js';
import { remoteArguments, remoteCommand } from '../../../src/cli/remote-arguments.js';
import type { ReceivedEvent } from '../../../src/remote/index.js';
import { COMMANDS } from '../../../src/worker/index.js';

const argumentsOf = (kind: 'inspect' | 'control', name: string, ...words: string[]): object =>
  remoteArguments(remoteCommand(COMMANDS, kind, name), words);

describe('remoteArguments', () => {
  it.each([
    ['control', 'rate_limit', ['math.add', '10/m'], { task_name: 'math.add', rate_limit: '10/m' }],
    ['control', 'time_limit', ['math.add', '5', '10.5'], { task_name: 'math.add', soft: 5, hard: 10.5 }],
    ['control', 'revoke', ['a', 'b'], { task_id: ['a', 'b'] }],
    ['control', 'terminate', ['KILL', 'a'], { signal: 'KILL', task_id: ['a'] }],
    ['control', 'pool_grow', [], {}],
    ['inspect', 'conf', ['true'], { with_defaults: true }],
    ['inspect', 'dump_tasks', [], { taskinfoitems: [] }],
  ] as const)('%s %s %j', (kind, name, words, expected) => {
    expect(argumentsOf(kind, name, ...words)).toEqual(expected);
  });

  it.each([
    ['inspect', 'ping', ['x'], /ping takes no arguments/],
    ['control', 'pool_grow', ['many'], /n is not a number/],
    ['control', 'ping', [], /control has no command ping; it has add_consumer,/],
    ['inspect', 'hello', [], /has no command hello/],
  ] as const)('refuses %s %s %j', (kind, name, words, message) => {
    expect(() => argumentsOf(kind, name, ...words)).toThrow(message);
  });
});

it("ends with Celery's exit code when nobody answers", () => {
  expect(exitCodeFor(new NobodyReplied())).toBe(69);
});

describe('EventLines', () => {
  const context = { out: process.stdout, err: process.stderr, env: { NO_COLOR: '1' } };
  const event = (type: string, rest: object): ReceivedEvent => ({
    type,
    hostname: 'w1@here',
    utcoffset: 0,
    pid: 1,
    clock: 1,
    timestamp: 0,
    local_received: 0,
    ...rest,
  });

  it('names a task in its later events too', () => {
    const lines = new EventLines(context, false);
    expect(lines.of(event('task-received', { uuid: 'a', name: 'math.add', args: '(1,)' }))).toBe(
      '1970-01-01T00:00:00.000Z w1@here task-received    math.add[a] args=(1,)',
    );
    expect(lines.of(event('task-succeeded', { uuid: 'a', result: '1' }))).toContain('math.add[a] result=1');
  });

  it('shows everything when asked, and nothing a terminal would obey', () => {
    const line = new EventLines(context, true).of(event('worker-online', { freq: 2, note: '\u001b[2J' }));
    expect(line).toContain('freq=2');
    expect(line).toContain('pid=1');
    expect(line).not.toContain('\u001b');
  });
});
