import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { silentLogger, ToolboxError } from '../../base/index.js';
import { type CliContext, coloursFor } from '../context.js';
import { exportProject } from '../demo/export-project.js';
import { showProgram } from '../demo/show-program.js';
import { startEmbeddedSystem } from '../embedded/embedded-system.js';
import { programEnvironment } from '../embedded/program-environment.js';
import { Programs } from '../embedded/programs.js';
import { stopSignal } from '../stop-signal.js';
import { ADDRESS } from './dashboard.js';

export interface DemoFlags {
  readonly out: string;
  readonly pace: number;
  readonly timeout: number;
}

const APP = fileURLToPath(new URL('../../../examples/export-worker/app.ts', import.meta.url));
const LAST_LINES = 20;

export async function runDemo(flags: DemoFlags, context: CliContext): Promise<void> {
  if (!existsSync(APP)) {
    throw new ToolboxError(
      'EMBEDDED_FAILED',
      'the demo needs examples/export-worker of the repository: clone it and run the demo there',
    );
  }
  const say = (text: string): void => void context.out.write(`${text}\n`);
  const { bold } = coloursFor(context.out, context.env);
  const stop = stopSignal();
  const written: string[] = [];
  say(bold('1. Starting a broker (SQS-compatible) and PostgreSQL on this machine'));
  try {
    const system = await startEmbeddedSystem({ logger: silentLogger });
    const programs = new Programs({
      names: ['sync-tasks', 'worker', 'dashboard'],
      args: (name) => [
        ...['-A', APP, name, '-l', 'warning'],
        ...(name === 'dashboard' ? ['--any-port'] : []),
      ],
      env: {
        ...programEnvironment(context.env, system),
        EXPORT_DIR: resolve(flags.out),
        EXPORT_PACE_MS: String(flags.pace),
      },
      onLine: (name, line) => {
        if (name === 'dashboard' && line.startsWith(ADDRESS))
          return say(`   watch it, while it runs, at ${line.slice(ADDRESS.length)}`);
        if (written.push(`${name}: ${line}`) > LAST_LINES) written.shift();
      },
      onEvent: (name, event) => showProgram(name, event, say),
    });
    try {
      const late = AbortSignal.timeout(flags.timeout * 1000);
      await exportProject({
        app: APP,
        system,
        context,
        ready: programs.ready,
        signal: AbortSignal.any([stop.signal, programs.failed, late]),
      });
    } finally {
      // Nothing is kept: nobody waits for what still runs.
      await programs.stop('SIGQUIT');
      await system.stop();
    }
  } catch (error) {
    if (!stop.signal.aborted) for (const line of written) context.err.write(`${line}\n`);
    throw error;
  } finally {
    stop.release();
  }
}
