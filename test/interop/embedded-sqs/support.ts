import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { celeryPython } from '../../support/python.js';

/** A program of this folder, run by the Python that has Celery. */
export interface PythonRun {
  /** Resolves with what it printed; rejects with its complaints when it fails. */
  readonly output: Promise<string>;
  /** SIGTERM to it alone. */
  stop(): void;
}

export const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export function python(args: readonly string[], env: Record<string, string> = {}): PythonRun {
  const child = spawn(celeryPython()!, args, {
    cwd: here('.'),
    env: { ...process.env, AWS_EC2_METADATA_DISABLED: 'true', PYTHONDONTWRITEBYTECODE: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  let complaints = '';
  child.stdout.on('data', (part: Buffer) => {
    text += part.toString();
  });
  child.stderr.on('data', (part: Buffer) => {
    complaints += part.toString();
  });
  const output = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(text);
      else reject(new Error(`python ${args.join(' ')} ended with ${code}: ${complaints.slice(-2000)}`));
    });
  });
  output.catch(() => {});
  onTestFinished(async () => {
    if (child.exitCode === null) child.kill('SIGKILL');
    await output.catch(() => {});
  });
  return { output, stop: () => child.kill('SIGTERM') };
}

export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'sqs-peer-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** The environment in which botocore speaks the given protocol. */
export async function speaking(protocol: 'json' | 'query'): Promise<Record<string, string>> {
  if (protocol === 'json') return {};
  const path = await folder();
  await python(['query_model.py', path]).output;
  return { AWS_DATA_PATH: path };
}
