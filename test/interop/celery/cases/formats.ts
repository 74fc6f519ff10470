import * as zlib from 'node:zlib';
import { expect, it } from 'vitest';
import { COMPRESSIONS } from '../support/system.js';
import { type Flow, sendTask, succeeded } from './flow.js';

const SERIALIZERS = ['json', 'yaml', 'msgpack', 'pickle'] as const;
/** What we write; the others we only read. */
const OURS: readonly string[] = 'zstdCompress' in zlib ? ['gzip', 'brotli', 'zstd'] : ['gzip', 'brotli'];

const VALUE = {
  text: `é\0\u{1f600}${'x'.repeat(2000)}`,
  no: [null, true, -1, 1.5, 2 ** 40, 1e300],
  '1': { nested: [[], {}] },
  date: '2024-01-01',
};

/** Every format with every compression that the sender writes. */
export function formatCases(flow: Flow): void {
  const compressions = COMPRESSIONS.filter((name) => flow.from === 'python' || OURS.includes(name));
  const all = SERIALIZERS.flatMap((serializer) =>
    [null, ...compressions].map((compression) => [serializer, compression] as const),
  );
  it.each(all)('takes %s, compressed with %s', async (serializer, compression) => {
    const options = { serializer, ...(compression && { compression }) };
    const id = await sendTask(flow, { task: `${flow.at}.echo`, args: [VALUE] }, options);
    expect(await succeeded(flow, id)).toEqual(VALUE);
  });
}

/** A task, and one that it hands its result to in the other language. */
export function signedCases(flow: Flow): void {
  it('takes what the other has signed', async () => {
    const id = await sendTask(flow, { task: `${flow.at}.echo`, args: [VALUE] });
    expect(await succeeded(flow, id)).toEqual(VALUE);
  });

  it('signs what it sends on', async () => {
    const witness = crypto.randomUUID();
    const link = [{ task: `${flow.other}.echo`, options: { task_id: witness } }];
    await sendTask(flow, { task: `${flow.at}.add`, args: [1, 2], link });
    expect(await succeeded(flow, witness)).toBe(3);
  });
}
