import { expect, it } from 'vitest';
import { loadDriver } from '../../../../src/transports/amqp/driver.js';

it('names the command that installs the client', async () => {
  const missing = (): Promise<never> => Promise.reject(new Error("Cannot find package 'amqplib'"));
  await expect(loadDriver(missing)).rejects.toMatchObject({
    code: 'DRIVER_MISSING',
    message: expect.stringContaining('npm install amqplib') as unknown,
  });
});

it('loads the client', async () => {
  expect(typeof (await loadDriver()).connect).toBe('function');
});
