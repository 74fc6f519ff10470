import { celeryPython } from '../../test/support/python.js';
import { compiled, peersFolder } from '../harness/build.js';
import type { ProgramOptions } from '../harness/program.js';

export const QUEUE = 'bench';
export const PREFETCH = 64;
/** Four messages for each slot make the prefetch above. */
export const CONCURRENCY = PREFETCH / 4;
export const IDLE_SECONDS = 30;

/** A measured program of ours. */
export const node = (program: string, ...args: readonly (string | number)[]): ProgramOptions => ({
  command: process.execPath,
  args: [compiled(program), ...args.map(String)],
});

type PeerSettings = Readonly<Record<string, unknown>>;

const peer = (args: readonly string[], broker: string, settings: PeerSettings): ProgramOptions => ({
  command: celeryPython() ?? 'python3',
  args,
  cwd: peersFolder,
  env: { BENCH_BROKER: broker, BENCH_SETTINGS: JSON.stringify(settings), PYTHONDONTWRITEBYTECODE: '1' },
});

export const celeryProducer = (broker: string, count: number, settings: PeerSettings = {}): ProgramOptions =>
  peer(['produce.py', String(count)], broker, settings);

/** `celery worker` with the given pool options and otherwise as it comes. */
export const celeryWorker = (
  broker: string,
  pool: readonly string[],
  settings: PeerSettings = {},
  module = 'bench_app',
): ProgramOptions =>
  peer(['-m', 'celery', '-A', module, 'worker', '-l', 'ERROR', '-Q', QUEUE, ...pool], broker, settings);

/** A script of the peer that calls tasks of the app. */
export const celeryClient = (
  script: string,
  broker: string,
  settings: PeerSettings,
  ...args: readonly number[]
): ProgramOptions => peer([script, ...args.map(String)], broker, settings);

export const PREFORK = ['-P', 'prefork', '-c', '2'] as const;
/** Solo at its default prefetch stalls; this is its best form. */
export const SOLO = ['-P', 'solo', '--prefetch-multiplier', '64'] as const;

/** Another script of the peer, with arguments of its own. */
export const peerScript = (script: string, ...args: readonly string[]): ProgramOptions =>
  peer([script, ...args], '', {});
