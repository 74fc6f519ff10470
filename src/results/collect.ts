import { type AsyncResult, type GetOptions, resultFromTuple } from './async-result.js';
import { GroupResult } from './group-result.js';
import type { ResultTuple } from './result-tuple.js';

export type ResultHandle = AsyncResult | GroupResult;

/**
 * A result and those of all that it led to, each with its value when it has ended, parents before children (Celery's
 * `result.collect()`): `for await (const [handle, value] of collect(result))`. The value of a group is the list of its members',
 * which follow it. Where the backend keeps no children there is nothing but the result itself, and a group's members.
 *
 * Ends as `get` does; `timeout` is for each.
 */
export async function* collect(
  result: ResultHandle,
  options: GetOptions = {},
): AsyncGenerator<readonly [ResultHandle, unknown]> {
  const open: ResultHandle[] = [result];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    yield [next, await next.get(options)];
    open.push(...(await led(next)));
  }
}

async function led(handle: ResultHandle): Promise<readonly ResultHandle[]> {
  if (handle instanceof GroupResult) return handle.results;
  const { children = [] } = await handle.result();
  return children.map((child) => handleFromTuple(child as ResultTuple, handle));
}

/** The handle a tuple stands for, a group with its members. */
function handleFromTuple(tuple: ResultTuple, { source }: AsyncResult): ResultHandle {
  const [[id], members] = tuple;
  if (members === null) return resultFromTuple(tuple, source);
  return new GroupResult(
    id,
    members.map((member) => resultFromTuple(member, source)),
    source,
  );
}
