import { systemClock } from '../../../../src/base/index.js';
import { Revokes } from '../../../../src/worker/revoking/revokes.js';
import { StateFile } from '../../../../src/worker/revoking/state-file.js';

// Revokes one task after the other and reports each that is safe, until it is killed.
const [, , path = ''] = process.argv;
const revokes = new Revokes(systemClock);
const file = StateFile.open(
  path,
  () => revokes.image(),
  (image) => revokes.restore(image),
);
for (let n = 0; ; n += 1) {
  revokes.add([`${process.pid}-${n}`]);
  await file.save();
  process.send?.(n);
}
