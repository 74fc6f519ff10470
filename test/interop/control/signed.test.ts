import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Logger } from '../../../src/base/index.js';
import { createControl, receiveEvents } from '../../../src/remote/index.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { describeRabbitmq } from '../../support/rabbitmq.js';
import { makeSigners, type Signers } from '../../support/signers.js';
import { ourApp, startOursHere } from './both.js';
import { PythonCelery } from './python.js';

const NODE = 'signed@here';
const python = celeryPython();

/** A logger that tells of warnings. */
function listening(): { readonly logger: Logger; readonly warnings: string[] } {
  const warnings: string[] = [];
  const keep = (fields: object, text = ''): void => void warnings.push(`${text} ${JSON.stringify(fields)}`);
  const quiet = (): void => {};
  const logger = {
    ...{ trace: quiet, debug: quiet, info: quiet, warn: keep, error: keep, fatal: keep },
    child: () => logger,
  } as unknown as Logger;
  return { logger, warnings };
}

describeRabbitmq(python === undefined ? `signed control (${NO_PYTHON})` : 'signed control', (vhost) => {
  if (python === undefined) return;
  let signers: Signers;
  beforeAll(() => {
    signers = makeSigners(python, ['alice', 'bob']);
  });
  afterAll(() => signers.remove());

  const signing = (): Record<string, unknown> => ({
    task_serializer: 'auth',
    event_serializer: 'auth',
    accept_content: ['auth'],
    security_key: signers.key('bob'),
    security_certificate: signers.cert('bob'),
    security_cert_store: `${signers.folder}/*.pem`,
  });

  it('a worker that asks for signatures obeys those who sign, and nobody else', async () => {
    const meeting = { url: vhost().url };
    const { logger, warnings } = listening();
    const ours = await startOursHere(meeting, { hostname: NODE, logger }, signing());
    const unsigned = new PythonCelery(python, meeting);
    const signed = new PythonCelery(python, { ...meeting, signer: `${signers.folder}/alice` });
    const refused = (): number => warnings.filter((text) => /cannot be read/.test(text)).length;

    await unsigned.run('control', 'shutdown', '--timeout', '0.2');
    await expect.poll(refused, { timeout: 10_000 }).toBe(1);
    const stranger = ourApp(meeting);
    try {
      await createControl(stranger).shutdown();
      await expect.poll(refused, { timeout: 10_000 }).toBe(2);
    } finally {
      await stranger.close();
    }
    expect(ours.worker.state).toBe('running');

    const { out } = await signed.run('inspect', 'ping', '--json', '-d', NODE, '--timeout', '10');
    expect(JSON.parse(out.split('\n')[0] ?? '')).toEqual({ [NODE]: { ok: 'pong' } });
    const control = createControl(ours.app);
    expect(await control.ping({ destination: [NODE], timeout: 10 })).toEqual({ [NODE]: { ok: 'pong' } });

    const heard: string[] = [];
    const events = await receiveEvents(ours.app, { onEvent: ({ type }) => heard.push(type) });
    await expect.poll(() => heard, { timeout: 10_000 }).toContain('worker-heartbeat');
    await events.close();

    await signed.run('control', 'shutdown', '-d', NODE, '--timeout', '0.2');
    await ours.worker.stopped;
  }, 90_000);
});
