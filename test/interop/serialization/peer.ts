import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

type Attempt = { readonly ok: string } | { readonly error: string };
type ByName<T> = Readonly<Record<string, T>>;

/** What Python is asked to read. All bytes in base64. */
export interface Question {
  readonly written: ByName<{
    readonly pickle4: string;
    readonly pickle2: string;
    readonly json: string | null;
  }>;
  readonly fuzz: { readonly pickle: readonly string[]; readonly json: readonly string[] };
  readonly group: string;
  readonly 'old style': readonly string[];
  readonly deflated: readonly string[];
  readonly plain: readonly string[];
}

export interface Answer {
  readonly pickles: ByName<ByName<Attempt>>;
  readonly jsons: ByName<Attempt>;
  readonly reprs: ByName<string>;
  readonly 'short reprs': ByName<string>;
  readonly verdicts: ByName<{
    readonly pickle4: string;
    readonly pickle2: string;
    readonly json: string | null;
  }>;
  readonly fuzz: { readonly pickle: readonly string[]; readonly json: readonly string[] };
  readonly group: { readonly type: string; readonly id: string; readonly children: readonly string[] };
  readonly 'old style': readonly unknown[];
  readonly inflated: readonly string[];
  readonly deflated: readonly string[];
}

/** Runs the Python peer once. */
export function askPython(python: string, question: Question): Answer {
  const script = fileURLToPath(new URL('peer.py', import.meta.url));
  const output = execFileSync(python, [script], {
    input: JSON.stringify(question),
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return JSON.parse(output.toString('utf8')) as Answer;
}

export const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
export const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

/** The bytes of an attempt that went well. */
export function bytesOf(attempt: Attempt | undefined): Uint8Array | undefined {
  return attempt && 'ok' in attempt ? fromBase64(attempt.ok) : undefined;
}
