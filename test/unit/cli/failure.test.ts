import { describe, expect, test } from 'vitest';
import { ToolboxError } from '../../../src/base/index.js';
import { CommandFailed, exitCodeFor, Interrupted, lineFor, usageLine } from '../../../src/cli/failure.js';

describe('how a command ends', () => {
  test.each([
    [new ToolboxError('CONFIG_INVALID', ''), 2],
    [new ToolboxError('APP_NOT_FOUND', ''), 2],
    [new ToolboxError('UNROUTABLE', ''), 2],
    [new ToolboxError('BROKER_UNREACHABLE', ''), 1],
    [new ToolboxError('TASK_FAILED', ''), 1],
    [new Error('any'), 1],
    ['thrown text', 1],
    [new CommandFailed(), 1],
    [new Interrupted('SIGINT'), 130],
    [new Interrupted('SIGTERM'), 143],
  ])('%s: %i', (error, code) => {
    expect(exitCodeFor(error)).toBe(code);
  });

  test('one line, passwords masked, nothing that steers a terminal', () => {
    expect(lineFor(new Error('no\n  amqp://u:secret@h/ \u001b[31m'))).toBe(
      'no amqp://u:********@h/ \ufffd[31m',
    );
    expect(lineFor(new CommandFailed())).toBeUndefined();
  });

  test('each thing wrong with the settings keeps its line', () => {
    const error = new ToolboxError('CONFIG_INVALID', 'x: 2 invalid\n  a: amqp://u:secret@h\n  b', {
      fields: { problems: [1, 2] },
    });
    expect(lineFor(error)).toBe('x: 2 invalid\n  a: amqp://u:********@h\n  b');
  });

  test('complaints of the argument parser become one line', () => {
    expect(usageLine("error: unknown command 'x'\n(Did you mean y?)\n")).toBe(
      "unknown command 'x' (Did you mean y?)",
    );
  });
});
