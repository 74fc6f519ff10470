import assert from 'node:assert/strict';
import { Lab, runTask } from 'cadasta-workertoolbox/testing';
import { expect, test } from 'vitest';
import { app, createZip, exportProject } from './app.js';

test('one run of a task', async () => {
  const run = await runTask(app, exportProject, { args: ['riverside'], creator_id: 7 });
  assert.equal(run.outcome.kind === 'success' && run.outcome.value, 9);
  assert.deepEqual(
    run.states.map(({ state }) => state),
    ['STARTED', 'PROGRESS', 'SUCCESS'],
  );
  assert.equal(run.sent[0]?.parentId, run.id);
  assert.equal(run.log[0]?.message, 'exporting');
});

test('a retry ten minutes later', async () => {
  const lab = await Lab.open(app);
  await lab.worker();
  const result = await exportProject.delay('flooded');
  await lab.until(result, 'RETRY');
  lab.expectSent(exportProject, { args: ['flooded'], retries: 1, countdown: 600 });
  await lab.until(result);
  lab.expectSent(createZip, { args: [['flooded']], queue: 'export' });
  await lab.close();
});

test('a worker that dies between result and acknowledgement', async () => {
  const lab = await Lab.open(app);
  await lab.worker();
  const crashed = lab.crash({ after: 'result' });
  const result = await createZip.delay(['a', 'b']);
  await lab.until(crashed);
  await lab.worker();
  await lab.advance(60);
  expect(lab.states(result).map(({ state }) => state)).toEqual(['STARTED', 'SUCCESS']);
  expect(await result.get()).toBe('a+b.zip');
  await lab.close();
});
