import { failureFrom } from './failure-from.js';

const CAUSE = '\n\nThe above exception was the direct cause of the following exception:\n\n';
const MOST_CAUSES = 5;

/**
 * The stack of anything thrown as Python shows tracebacks: causes first, the innermost call last, then type and
 * message. Celery stores it beside the failure and prints it as it is.
 */
export function tracebackFrom(error: unknown): string {
  const chain: unknown[] = [];
  for (let each = error; each !== undefined && each !== null && chain.length <= MOST_CAUSES; ) {
    chain.push(each);
    each = each instanceof Error ? each.cause : undefined;
  }
  return chain.reverse().map(oneTraceback).join(CAUSE);
}

function oneTraceback(error: unknown): string {
  const { exc_type: type } = failureFrom(error);
  const message = error instanceof Error ? error.message : String(failureFrom(error).exc_message[0]);
  const frames = (error instanceof Error ? (error.stack ?? '') : '')
    .split('\n')
    .filter((line) => /^\s*at /.test(line))
    .reverse();
  const last = message === '' ? type : `${type}: ${message}`;
  return ['Traceback (most recent call last):', ...frames.map((frame) => `  ${frame.trim()}`), last].join(
    '\n',
  );
}
