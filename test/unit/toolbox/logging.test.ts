import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { setupLogging } from '../../../src/toolbox/logging/index.js';

const folders: string[] = [];
const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'wt-log-'));
  folders.push(path);
  return path;
};
const captured = (): { stream: PassThrough; text: () => string } => {
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString() };
};

afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true });
});

describe('setupLogging', () => {
  it('writes a line a record with level, name and fields, in colour when asked', () => {
    const { stream, text } = captured();
    const { logger } = setupLogging({ name: 'export', console: stream, colour: true });
    logger.info({ id: 'abc', runtime: 0.5 }, 'task succeeded');
    logger.error({ err: new Error('boom') }, 'task failed');
    logger.debug({}, 'not shown');
    const [first, second] = text().split('\n');
    expect(first).toMatch(
      /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}: INFO\/export\] task succeeded {2}id=abc runtime=0.5$/,
    );
    expect(second).toMatch(/^\x1b\[31m\[.*ERROR\/export\] task failed$/);
    expect(text()).toContain('Error: boom');
    expect(text()).not.toContain('not shown');
  });

  it('has no colour off a terminal, and writes JSON when asked', () => {
    const plain = captured();
    setupLogging({ name: 'x', console: plain.stream }).logger.error({}, 'e');
    expect(plain.text()).not.toContain('\x1b');
    const json = captured();
    setupLogging({ name: 'x', console: json.stream, format: 'json' }).logger.warn({ a: 1 }, 'w');
    expect(JSON.parse(json.text())).toMatchObject({ level: 40, a: 1, msg: 'w', name: 'x' });
  });

  it('masks secrets in fields and URLs', () => {
    const { stream, text } = captured();
    const { logger } = setupLogging({ name: 'x', console: stream });
    logger
      .child({ url: 'amqp://u:hunter2@h' })
      .info({ password: 'hunter2', nested: { api_key: 'hunter2' } }, 'm');
    expect(text()).not.toContain('hunter2');
  });

  it('keeps an info file and an error file, rotated', async () => {
    const directory = folder();
    const { logger, close } = setupLogging({ name: 'x', console: null, directory });
    logger.info({}, 'one');
    logger.error({}, 'two');
    const filler = 'y'.repeat(1_000_000);
    for (let i = 0; i < 7; i += 1) logger.info({ filler }, 'big');
    await close();
    expect(readdirSync(directory).sort()).toEqual(['app.error.log', 'app.info.log', 'app.info.log.1']);
    expect(readFileSync(join(directory, 'app.error.log'), 'utf8')).toMatch(/two\n$/);
    expect(readFileSync(join(directory, 'app.error.log'), 'utf8')).not.toContain('one');
    expect(statSync(join(directory, 'app.info.log')).mode & 0o077).toBe(0);
  });

  it('goes on when the folder cannot be written', () => {
    const { stream, text } = captured();
    const { logger } = setupLogging({
      name: 'x',
      console: stream,
      directory: join(import.meta.filename, 'logs'),
    });
    logger.info({}, 'still here');
    expect(text()).toContain('log file cannot be written');
    expect(text()).toContain('still here');
  });
});
