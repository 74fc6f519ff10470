import { existsSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { silentLogger, systemClock, ToolboxError } from '../../base/index.js';
import { Ledger, postgresDatabase } from '../../platform/index.js';
import { type CliContext, coloursFor } from '../context.js';
import { ProgressLines } from '../demo/progress-lines.js';
import { rowsOf } from '../demo/tables.js';
import { watchExport } from '../demo/watch-export.js';
import { type EmbeddedSystem, startEmbeddedSystem } from '../embedded/embedded-system.js';
import { programEnvironment } from '../embedded/program-environment.js';
import { ProgramProcess } from '../embedded/program-process.js';
import { CommandFailed } from '../failure.js';
import { familyTree } from '../family-tree.js';
import { loadApp } from '../load-app.js';

interface DemoFlags {
  readonly out: string;
  readonly pace: string;
}

const APP = fileURLToPath(new URL('../../../examples/export-worker/app.ts', import.meta.url));
const PROJECT = {
  org_slug: 'highland-land-trust',
  project_slug: 'ngara-valley',
  api_key: 'demo',
  output_type: 'all',
};
const TIMEOUT_MS = 55_000;

export function demoCommand(program: Command, context: CliContext): void {
  program
    .command('demo')
    .description(
      'export a land-records project with a broker, a database, sync-tasks and a worker, all on this machine',
    )
    .option('--out <folder>', 'where the export is written', 'demo-export')
    .option('--pace <ms>', 'milliseconds for each record, so that one can watch', '25')
    .action(async (_flags: DemoFlags, command: Command) => runDemo(command.opts(), context));
}

async function runDemo({ out, pace }: DemoFlags, context: CliContext): Promise<void> {
  if (!existsSync(APP)) {
    throw new ToolboxError(
      'EMBEDDED_FAILED',
      'the demo needs examples/export-worker of the repository: clone it and run the demo there',
    );
  }
  const say = (text: string): void => void context.out.write(`${text}\n`);
  const colours = coloursFor(context);
  say(colours.bold('1. Starting a broker (SQS-compatible) and PostgreSQL on this machine'));
  const system = await startEmbeddedSystem({ logger: silentLogger });
  const env = { ...programEnvironment(context.env, system), EXPORT_DIR: resolve(out), EXPORT_PACE_MS: pace };
  const output: string[] = [];
  const start = (name: string): ProgramProcess =>
    new ProgramProcess({
      name,
      args: ['-A', APP, name, '-l', 'warning'],
      env,
      onLine: (line) => output.push(`${name}: ${line}`),
      onEvent: (event) =>
        say(
          event.kind === 'started'
            ? `   ${name} started, process ${event.pid}`
            : `   ${name} ended (${event.how}), starting it again`,
        ),
    });
  const programs = ['sync-tasks', 'worker'].map(start);
  try {
    await exportProject(system, context, say);
  } catch (error) {
    if (output.length > 0) context.err.write(`${output.slice(-20).join('\n')}\n`);
    throw error;
  } finally {
    await Promise.allSettled(programs.map((one) => one.stop()));
    await system.stop();
  }
}

async function exportProject(
  system: EmbeddedSystem,
  context: CliContext,
  say: (text: string) => void,
): Promise<void> {
  const colours = coloursFor(context);
  const app = (await loadApp(APP)).configFromObject({
    broker_url: system.broker,
    result_backend: system.resultBackend,
  });
  const ledger = new Ledger({
    database: postgresDatabase({ url: system.database, logger: silentLogger }),
    results: () => app.backend(),
  });
  try {
    say(
      colours.bold(
        `2. Exporting ${PROJECT.org_slug}/${PROJECT.project_slug}: spreadsheet, shapefile and resources, packed by a chord`,
      ),
    );
    const backend = await app.backend();
    if (backend === undefined)
      throw new ToolboxError('RESULT_DISABLED', 'the export app has no result backend');
    const { id } = await app.send({ task: 'export.project', args: [], kwargs: PROJECT, options: {} });
    const lines = new ProgressLines(context, colours);
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const family = await watchExport({
      rootId: id,
      ledger,
      backend,
      lines,
      signal,
      pause: systemClock.sleep,
    });
    say(colours.bold('3. The family of the export, as the platform sees it'));
    say(familyTree(family, colours));
    say(colours.bold('4. The rows in both tables'));
    say(await rowsOf(system.database, id));
    const [result] = await ledger.overallResults(id);
    if (result?.status !== 'SUCCESS' || typeof result.result !== 'string' || !existsSync(result.result)) {
      context.err.write(`workertoolbox: the export ended in ${family.status}\n`);
      throw new CommandFailed();
    }
    say(colours.bold(`5. Done: ${family.members.length} tasks, ${statSync(result.result).size} bytes`));
    say(relative('', result.result));
  } finally {
    await Promise.allSettled([ledger.close(), app.close()]);
  }
}
