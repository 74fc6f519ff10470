import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** How long a line may take to come. Nothing sleeps this long when all is well. */
const PATIENCE_MS = 40_000;

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** Where both languages meet. */
export interface Meeting {
  readonly url: string;
  /** `global_keyprefix` on Redis. */
  readonly prefix?: string;
  /** The path of the Python side's key and certificate, without `.key` and `.pem`. */
  readonly signer?: string;
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A Python program that runs. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves with the first line of either stream that matches; rejects when it ends without. */
  line(pattern: RegExp): Promise<string>;
  stop(): Promise<void>;
}

/** Celery's command line with the app of peer.py. */
export class PythonCelery {
  readonly #python: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(python: string, { url, prefix, signer }: Meeting) {
    this.#python = python;
    this.#env = {
      ...process.env,
      PEER_BROKER: url,
      PEER_PREFIX: prefix ?? '',
      PEER_SIGNER: signer ?? '',
      PYTHONUNBUFFERED: '1',
      FLOWER_UNAUTHENTICATED_API: '1',
    };
  }

  /** Runs a command to its end, or to that of its test. */
  async run(...args: readonly string[]): Promise<Ended> {
    const child = this.#spawn(args);
    onTestFinished(() => void child.kill('SIGKILL'));
    const texts = { out: '', err: '' };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      texts.out += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      texts.err += text;
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, ...texts };
  }

  /** As `start`, for one test: whatever the test does, the program is gone afterwards. */
  startHere(...args: readonly string[]): Running {
    const running = this.start(...args);
    onTestFinished(() => running.stop());
    return running;
  }

  start(...args: readonly string[]): Running {
    const child = this.#spawn(args);
    const lines: string[] = [];
    const waiting = new Set<(text: string) => void>();
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (text) => {
        lines.push(text);
        for (const look of waiting) look(text);
      });
    }
    const ended = once(child, 'close');
    return {
      child,
      line: (pattern) =>
        new Promise((resolve, reject) => {
          const fail = (why: string): void => reject(new Error(`${why} ${pattern}:\n${lines.join('\n')}`));
          const late = setTimeout(() => fail('no line like'), PATIENCE_MS);
          const look = (text: string): void => {
            if (!pattern.test(text)) return;
            waiting.delete(look);
            clearTimeout(late);
            resolve(text);
          };
          waiting.add(look);
          lines.forEach(look);
          void ended.then(() => fail('ended without'));
        }),
      stop: async () => {
        child.kill('SIGTERM');
        const patience = setTimeout(() => child.kill('SIGKILL'), 8_000);
        await ended;
        clearTimeout(patience);
      },
    };
  }

  /** Celery's control client, in one process for many commands. */
  controller(): Controller {
    return new Controller(this.#spawn([], ['controller.py']));
  }

  #spawn(args: readonly string[], program: readonly string[] = ['-m', 'celery', '-A', 'peer']): ChildProcess {
    return spawn(this.#python, [...program, ...args], {
      cwd: FOLDER,
      env: this.#env,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }
}

/** A running controller.py. */
export class Controller {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stderr?.pipe(process.stderr);
    this.#lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  }

  /** What a command is answered, by node. */
  async ask<R = unknown>(
    command: string,
    args: Readonly<Record<string, unknown>> = {},
    destination: readonly string[] | null = null,
  ): Promise<Record<string, R>> {
    this.#child.stdin?.write(`${JSON.stringify([command, args, destination])}\n`);
    const { value } = await this.#lines.next();
    return JSON.parse(value as string) as Record<string, R>;
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'close');
    this.#child.stdin?.end();
    await ended;
  }
}
