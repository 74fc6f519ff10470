import type { ProgramEvent } from '../embedded/program-process.js';

/** A line for what happens to one of the demo's programs; that it works goes without saying. */
export function showProgram(name: string, event: ProgramEvent, say: (text: string) => void): void {
  if (event.kind === 'started') say(`   ${name} started, process ${event.pid}`);
  if (event.kind === 'ended') say(`   ${name} ended (${event.how}), starting it again`);
  if (event.kind === 'given up') say(`   ${name} ended (${event.how})`);
}
