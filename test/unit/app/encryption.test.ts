import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeContext, decodeTaskMessage } from '../../../src/app/index.js';
import type { Delivery, OutgoingMessage } from '../../../src/messaging/index.js';
import { failureOf } from '../../support/failure.js';
import { recordingApp } from './recording.js';

const key = (id: string) => ({ id, key: randomBytes(32).toString('base64') });
const [old, young] = [key('2025'), key('2026')];
const appWith = (keys: readonly object[] | null, more: object = {}) =>
  recordingApp({ message_encryption_keys: keys as never, ...more });

const sentBy = async (keys: readonly object[] | null, options: object = {}): Promise<OutgoingMessage> => {
  const { app, transport } = appWith(keys);
  await app.send({
    task: 'pay',
    args: ['canary'],
    kwargs: { iban: 'canary' },
    options: { task_id: 'id1', ...options },
  });
  return transport.sent[0]!.message;
};
const delivery = (message: OutgoingMessage, changes: Partial<Delivery> = {}): Delivery => ({
  ...message,
  properties: message.properties ?? {},
  info: { queue: 'q', exchange: '', routingKey: 'q', redelivered: false, priority: null },
  lost: new AbortController().signal,
  ack: async () => {},
  reject: async () => {},
  release: async () => {},
  ...changes,
});
const read = (keys: readonly object[] | null, of: Delivery, more: object = {}) =>
  decodeTaskMessage(of, decodeContext(appWith(keys, more).app));

describe('encrypted messages', () => {
  it('show nothing of their arguments, and are read with the key', async () => {
    const message = await sentBy([young]);
    expect(message).toMatchObject({
      contentType: 'application/vnd.cadasta.aes-256-gcm',
      contentEncoding: 'binary',
      headers: { argsrepr: '<encrypted>', kwargsrepr: '<encrypted>', encrypted_with: '2026' },
    });
    expect(`${JSON.stringify(message)}${Buffer.from(message.body).toString('latin1')}`).not.toContain(
      'canary',
    );
    expect(await read([young], delivery(message))).toMatchObject({
      args: ['canary'],
      kwargs: { iban: 'canary' },
      encrypted: true,
      customHeaders: {},
    });
  });

  it('are read with any key that is known, and written with the first', async () => {
    const before = await sentBy([old]);
    const after = await sentBy([young, old]);
    expect(after.headers['encrypted_with']).toBe('2026');
    for (const message of [before, after])
      expect((await read([young, old], delivery(message))).args).toEqual(['canary']);
    await expect(read([young], delivery(before))).rejects.toMatchObject({
      code: 'SIGNATURE_INVALID',
      message: expect.stringContaining('message_encryption_keys has no key 2025'),
    });
  });

  it('carry any format and compression inside', async () => {
    const message = await sentBy([young], { serializer: 'yaml', compression: 'gzip' });
    expect(message.headers['compression']).toBeUndefined();
    expect((await read([young], delivery(message), { accept_content: ['yaml'] })).args).toEqual(['canary']);
    await expect(read([young], delivery(message))).rejects.toMatchObject({ code: 'CONTENT_DISALLOWED' });
  });

  it('cannot be read as the body of another task', async () => {
    const message = await sentBy([young]);
    for (const headers of [{ id: 'id2' }, { task: 'refund' }, { encrypted_with: 'other' }]) {
      const swapped = delivery(message, { headers: { ...message.headers, ...headers } });
      await expect(read([young, { ...young, id: 'other' }], swapped)).rejects.toMatchObject({
        code: 'SIGNATURE_INVALID',
        fields: { reason: 'signature_invalid', queue: 'q' },
      });
    }
  });

  it('are refused with any bit changed, or shortened', async () => {
    const message = await sentBy([young]);
    const { body } = message;
    for (let at = 0; at < body.length; at += 1) {
      const changed = Uint8Array.from(body, (byte, index) => (index === at ? byte ^ (1 << (at % 8)) : byte));
      for (const bad of [changed, body.subarray(0, at)])
        await expect(read([young], delivery(message, { body: bad }))).rejects.toMatchObject({
          code: 'SIGNATURE_INVALID',
        });
    }
  });

  it('are refused without keys, and plain ones where encryption is required', async () => {
    await expect(read(null, delivery(await sentBy([young])))).rejects.toMatchObject({
      code: 'CONTENT_DISALLOWED',
      message: expect.stringContaining('message_encryption_keys is not set'),
    });
    const plain = delivery(await sentBy(null));
    expect((await read([young], plain)).args).toEqual(['canary']);
    await expect(read([young], plain, { message_encryption_required: true })).rejects.toMatchObject({
      code: 'CONTENT_DISALLOWED',
      message: expect.stringContaining('message_encryption_required'),
    });
  });

  it('are left closed by those who only record them', async () => {
    const { app } = appWith(null);
    const context = { ...decodeContext(app), sealed: 'leave' } as const;
    expect(await decodeTaskMessage(delivery(await sentBy([young])), context)).toMatchObject({
      id: 'id1',
      task: 'pay',
      args: [],
      kwargs: {},
      encrypted: true,
    });
  });

  it.each<[string, Record<string, unknown>]>([
    ['no keys', { message_encryption_keys: [] }],
    ['short keys', { message_encryption_keys: [{ id: 'a', key: 'c2hvcnQ=' }] }],
    ['equal ids', { message_encryption_keys: [key('a'), key('a')] }],
    ['requirement without keys', { message_encryption_required: true }],
  ])('need proper keys: %s', (_, settings) => {
    const failure = failureOf(() => recordingApp(settings).app.conf);
    expect(failure.code).toBe('CONFIG_INVALID');
    expect(failure.message).not.toContain('c2hvcnQ');
  });
});
