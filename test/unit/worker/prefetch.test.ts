import { expect, test } from 'vitest';
import type { Consumption } from '../../../src/messaging/index.js';
import { PrefetchWindow } from '../../../src/worker/intake/prefetch.js';

function watched(base: number, most: number) {
  const window = new PrefetchWindow(base, most);
  const told: number[] = [];
  window.attach({ setPrefetch: (count: number) => told.push(count) } as unknown as Consumption);
  return { window, told };
}

test('messages that wait for their ETA take no place of work', () => {
  const { window, told } = watched(8, 1_000);
  for (let held = 1; held <= 17; held += 1) window.waiting(held);
  expect(told).toEqual([16, 24, 32]);
  expect(window.size - 17).toBeGreaterThanOrEqual(8);
});

test('the window is bounded', () => {
  const { window } = watched(8, 20);
  window.waiting(5_000);
  expect(window.size).toBe(8 + 24);
});

test('at an edge the broker is not told again and again', () => {
  const { window, told } = watched(8, 1_000);
  for (let turn = 0; turn < 10; turn += 1) {
    window.waiting(9);
    window.waiting(8);
  }
  expect(told).toEqual([24]);
  window.waiting(0);
  expect(told).toEqual([24, 8]);
});

test('no limit stays no limit', () => {
  const { window, told } = watched(0, 10);
  window.waiting(50);
  expect(window.size).toBe(0);
  expect(told).toEqual([]);
});

test('fewer are taken while slots are busy with runs whose messages are gone', () => {
  const { window, told } = watched(8, 1_000);
  window.owe(4);
  window.owe(8);
  window.owe(12);
  window.owe(0);
  expect(told).toEqual([4, 1, 8]);
});
