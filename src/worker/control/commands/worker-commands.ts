import { textArgument } from '../arguments.js';
import { type Command, ok } from '../command.js';
import { confTable } from '../conf-table.js';
import { report } from '../report.js';
import { revokedIds } from '../revoked-ids.js';
import { stats } from '../stats.js';

export const workerCommands: readonly Command[] = [
  {
    name: 'ping',
    kind: 'inspect',
    help: 'Is anybody there?',
    run: () => ok('pong'),
  },
  {
    name: 'clock',
    kind: 'inspect',
    help: 'Logical time.',
    run: (_, { app }) => ({ clock: app.lamport.value }),
  },
  {
    name: 'stats',
    kind: 'inspect',
    help: 'What the worker is and has done.',
    run: (_, context) => stats(context),
  },
  {
    name: 'conf',
    alias: 'dump_conf',
    kind: 'inspect',
    help: 'Settings, secrets masked.',
    signature: '[include_defaults=False]',
    args: [['with_defaults', (text) => /^(1|true|yes|on)$/i.test(text)]],
    run: ({ with_defaults: all }, { app }) => confTable(app.conf, all === true),
  },
  {
    name: 'report',
    kind: 'inspect',
    help: 'Versions and settings, for bug reports.',
    run: (_, { app }) => ok(report(app)),
  },
  {
    name: 'hello',
    kind: 'inspect',
    hidden: true,
    help: 'Exchange what is revoked with a worker that has just started.',
    run: async (args, { app, worker, logger }) => {
      const from = textArgument(args, 'from_node');
      if (from === worker.hostname) return null;
      logger.debug({ node: from }, 'a worker has joined');
      const theirs = revokedIds(args.revoked);
      if (theirs.length > 0) await worker.revoke(theirs, { store: false });
      return { revoked: worker.info().revoked, clock: app.lamport.forward() };
    },
  },
  {
    name: 'shutdown',
    kind: 'control',
    help: 'Stop warmly: what runs is finished, the rest goes back.',
    run: (_, { worker, logger }) => {
      logger.warn({}, 'stopped by remote control');
      void worker.stop();
      // Nobody is left to answer.
      return undefined;
    },
  },
];
