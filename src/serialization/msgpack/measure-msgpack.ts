import { isUtf8 } from 'node:buffer';
import type { DecodeBudget } from '../codec.js';
import { decodeFailed, overBudget } from '../failures.js';

/** What follows a first byte from `c0` on: bytes of the value, bytes of its length, or members for each of a count. */
type Shape =
  | { readonly fixed: number }
  | { readonly sized: 1 | 2 | 4; readonly extra: 0 | 1 }
  | { readonly counted: 2 | 4; readonly members: 1 | 2 };

const TIMESTAMP = 0xff;

/** First bytes `c0` to `df` in their order; undefined for the one that means nothing. */
const SHAPES: readonly (Shape | undefined)[] = [
  { fixed: 0 }, // nil
  undefined,
  { fixed: 0 }, // false, true
  { fixed: 0 },
  { sized: 1, extra: 0 }, // bin
  { sized: 2, extra: 0 },
  { sized: 4, extra: 0 },
  { sized: 1, extra: 1 }, // ext, with its type
  { sized: 2, extra: 1 },
  { sized: 4, extra: 1 },
  { fixed: 4 }, // float
  { fixed: 8 },
  { fixed: 1 }, // unsigned integers
  { fixed: 2 },
  { fixed: 4 },
  { fixed: 8 },
  { fixed: 1 }, // integers
  { fixed: 2 },
  { fixed: 4 },
  { fixed: 8 },
  { fixed: 2 }, // ext of 1, 2, 4, 8 and 16 bytes, with its type
  { fixed: 3 },
  { fixed: 5 },
  { fixed: 9 },
  { fixed: 17 },
  { sized: 1, extra: 0 }, // str
  { sized: 2, extra: 0 },
  { sized: 4, extra: 0 },
  { counted: 2, members: 1 }, // array
  { counted: 4, members: 1 },
  { counted: 2, members: 2 }, // map
  { counted: 4, members: 2 },
];

const isExtension = (first: number): boolean =>
  (first >= 0xc7 && first <= 0xc9) || (first >= 0xd4 && first <= 0xd8);

/**
 * Walks over msgpack without building anything. Throws BUDGET_EXCEEDED for too many values or levels, DECODE_FAILED when
 * it promises more than there is, has extensions of its own, or goes on after its end.
 */
export function measureMsgpack(bytes: Uint8Array, budget: DecodeBudget): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** Values still to come, for each open container. */
  const open: number[] = [];
  let at = 0;
  let left = 1;
  let nodes = 0;

  const take = (count: number): number => {
    const from = at;
    if (count > bytes.length - at)
      throw decodeFailed('msgpack', `it ends too early, at byte ${bytes.length}`);
    at += count;
    return from;
  };
  const unsigned = (size: 1 | 2 | 4): number => {
    const from = take(size);
    return size === 1 ? view.getUint8(from) : size === 2 ? view.getUint16(from) : view.getUint32(from);
  };
  const enter = (members: number): void => {
    // Each member is a byte at least: a count beyond that is a lie.
    if (members > bytes.length - at)
      throw decodeFailed('msgpack', `it ends too early, at byte ${bytes.length}`);
    if (open.length >= budget.maxDepth) throw overBudget('msgpack', 'maxDepth', budget);
    open.push(left);
    left = members;
  };
  const checkText = (from: number): void => {
    if (!isUtf8(bytes.subarray(from, at))) throw decodeFailed('msgpack', `text at byte ${from} is not UTF-8`);
  };
  const other = (first: number): void => {
    const shape = SHAPES[first - 0xc0];
    if (shape === undefined) throw decodeFailed('msgpack', `unexpected byte at ${at - 1}`);
    if ('counted' in shape) return enter(unsigned(shape.counted) * shape.members);
    const size = 'fixed' in shape ? shape.fixed : unsigned(shape.sized) + shape.extra;
    const from = take(size);
    if (first >= 0xd9) checkText(from);
    if (isExtension(first) && bytes[from] !== TIMESTAMP)
      throw decodeFailed('msgpack', `an extension of type ${view.getInt8(from)}`);
  };

  for (;;) {
    while (left === 0) {
      const outer = open.pop();
      if (outer === undefined) {
        if (at < bytes.length) throw decodeFailed('msgpack', `it goes on after its end, at byte ${at}`);
        return;
      }
      left = outer;
    }
    left -= 1;
    nodes += 1;
    if (nodes > budget.maxNodes) throw overBudget('msgpack', 'maxNodes', budget);
    const first = unsigned(1);
    if (first < 0x80 || first >= 0xe0) continue;
    if (first < 0x90) enter((first & 0x0f) * 2);
    else if (first < 0xa0) enter(first & 0x0f);
    else if (first < 0xc0) checkText(take(first & 0x1f));
    else other(first);
  }
}
