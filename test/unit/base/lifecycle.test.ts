import { expect, it } from 'vitest';
import { Lifecycle } from '../../../src/base/index.js';

const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

it('keeps the process alive from start to end', async () => {
  const before = timers();
  const life = new Lifecycle('service');
  expect(timers()).toBe(before);
  life.begin();
  expect(timers()).toBe(before + 1);
  life.running();
  life.stopping();
  expect(timers()).toBe(before + 1);
  life.ended();
  expect(timers()).toBe(before);
  await life.stopped;
});

it('lets go of the process when the start failed, and can be started again', async () => {
  const before = timers();
  const life = new Lifecycle('service');
  life.begin();
  life.failed(new Error('no broker'));
  expect(timers()).toBe(before);
  await expect(life.stopped).rejects.toThrow('no broker');
  life.begin();
  expect(life.state).toBe('starting');
  life.ended();
});

it('refuses a second start, naming the state', () => {
  const life = new Lifecycle('service');
  life.begin();
  expect(() => life.begin()).toThrow(expect.objectContaining({ code: 'STATE_INVALID' }));
  life.ended();
});
