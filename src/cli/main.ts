#!/usr/bin/env node
import { runCli } from './program.js';

const { stdout, stderr, env, argv } = process;

void runCli(argv.slice(2), { out: stdout, err: stderr, env }).then((code) => {
  process.exitCode = code;
});
