import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { resolveSettings } from '../../src/app/index.js';
import { type Logger, silentLogger, systemClock } from '../../src/base/index.js';
import type { Bus, ReceivedRequest } from '../../src/bus/index.js';
import { createPostgresBus } from '../../src/bus/postgres/index.js';
import { migrationsSql } from '../../src/platform/index.js';
import {
  CertificateStore,
  defaultSerializers,
  registerAuth,
  SigningKey,
  TrustedCertificate,
} from '../../src/serialization/index.js';
import { Heard, request } from '../../src/testing/conformance/buses-bench.js';
import { execute, freshDatabase } from '../support/postgres.js';
import { celeryPython, NO_PYTHON } from '../support/python.js';
import { makeSigners } from '../support/signers.js';

const url = await freshDatabase();
await execute(url, migrationsSql());
const python = celeryPython();
const sending = { clock: 1, ttlSeconds: 1 };

const common = { url, origin: 'bench', logger: silentLogger, clock: systemClock };
const plain = (): Promise<Bus> =>
  createPostgresBus({ ...common, serializers: defaultSerializers(), settings: resolveSettings({}) });

it('remembers revokes for three hours, and nothing else', async () => {
  const [sender, later] = [await plain(), await plain()];
  await sender.send(request('revoke', { arguments: { task_id: ['a'] } }), sending);
  await sender.send(request('ping'), sending);
  await sender.send(request('terminate', { arguments: { task_id: ['b'] }, destination: ['w@h'] }), sending);
  expect(await later.remembered()).toMatchObject([
    { method: 'revoke', arguments: { task_id: ['a'] }, destination: null },
    { method: 'terminate', arguments: { task_id: ['b'] }, destination: ['w@h'] },
  ]);
  const held =
    'SELECT round(extract(epoch FROM expires - sent))::int AS held FROM workertoolbox.control_command';
  expect((await execute(url, `${held} ORDER BY id`)).rows).toEqual([
    { held: 10_800 },
    { held: 300 },
    { held: 10_800 },
  ]);
  await execute(url, "UPDATE workertoolbox.control_command SET expires = now() - interval '1 second'");
  expect(await later.remembered()).toEqual([]);
  await Promise.all([sender.close(), later.close()]);
});

it.skipIf(!python)(`hears only what is signed when it asks for that (${NO_PYTHON})`, async () => {
  const signers = makeSigners(python ?? '', ['alice']);
  const serializers = defaultSerializers();
  const pem = readFileSync(signers.cert('alice'), 'utf8');
  const certificate = new TrustedCertificate(pem, 'alice');
  registerAuth(serializers, {
    key: new SigningKey(readFileSync(signers.key('alice'), 'utf8')),
    certificate,
    store: new CertificateStore([certificate], Date.now()),
    clock: systemClock,
  });
  signers.remove();
  const warned = new Heard<string>();
  const logger = { ...silentLogger, warn: (_: object, text = '') => warned.add(text) } as Logger;
  const settings = resolveSettings({ task_serializer: 'auth', accept_content: ['auth'] });
  const guarded = await createPostgresBus({ ...common, serializers, settings, logger });
  const stranger = await plain();
  const heard = new Heard<ReceivedRequest>();
  await guarded.serve('w@h', heard.add);
  await stranger.send(request('shutdown'), sending);
  await warned.first((text) => text.includes('cannot be read'));
  await guarded.send(request('ping'), sending);
  await heard.first(() => true);
  expect(heard.items.map(({ method }) => method)).toEqual(['ping']);
  await Promise.all([guarded.close(), stranger.close()]);
});
