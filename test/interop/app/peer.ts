import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('calls.py', import.meta.url));

/** A message as it crosses to and from the Python peer. */
export interface PeerMessage {
  readonly headers: Record<string, unknown>;
  readonly properties: Record<string, unknown>;
  readonly contentType: string;
  readonly contentEncoding: string;
  /** Base64. */
  readonly body: string;
}

export interface RunAnswer {
  readonly results: Record<string, { readonly state: string; readonly result: unknown }>;
  readonly notes: unknown[][];
}

/** Asks the Python peer one thing; it starts, answers and ends. */
export async function askPython<T>(python: string, request: unknown): Promise<T> {
  const child = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'pipe'] });
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  child.stdin.end(JSON.stringify(request));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0)
    throw new Error(`The Python peer ended with ${String(code)}: ${Buffer.concat(errors).toString()}`);
  return JSON.parse(Buffer.concat(out).toString()) as T;
}
