#!/usr/bin/env node
import { runCli } from './program.js';

const { stdout, stderr, env, argv } = process;

// The SDK's own switch for its notice about coming versions of Node: it would be the first thing every command prints.
env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// A reader that leaves early (`family ID | head -1`) is no fault of ours, and nobody hears us any more.
stdout.on('error', leave);
stderr.on('error', leave);

// Should everything be at rest and the command not have ended, that is no success.
process.exitCode = 1;
process.once('beforeExit', tellUnfinished);

void runCli(argv.slice(2), { out: stdout, err: stderr, env }).then((code) => {
  process.off('beforeExit', tellUnfinished);
  process.exitCode = code;
});

function tellUnfinished(): void {
  stderr.write('workertoolbox: the command waits for something that cannot come any more\n');
}

function leave(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
