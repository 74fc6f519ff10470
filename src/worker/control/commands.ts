import type { Command } from './command.js';
import { eventCommands } from './commands/event-commands.js';
import { memoryCommands } from './commands/memory-commands.js';
import { poolCommands } from './commands/pool-commands.js';
import { queueCommands } from './commands/queue-commands.js';
import { requestCommands } from './commands/request-commands.js';
import { revokeCommands } from './commands/revoke-commands.js';
import { taskCommands } from './commands/task-commands.js';
import { workerCommands } from './commands/worker-commands.js';

/** Every command a worker obeys (protocol section 9.2). */
export const COMMANDS: readonly Command[] = [
  ...workerCommands,
  ...requestCommands,
  ...taskCommands,
  ...revokeCommands,
  ...poolCommands,
  ...queueCommands,
  ...eventCommands,
  ...memoryCommands,
].sort((a, b) => (a.name < b.name ? -1 : 1));

const byName = new Map(
  COMMANDS.flatMap((command) =>
    [command.name, command.alias].filter((name) => name !== undefined).map((name) => [name, command]),
  ),
);

/** By name or alias. */
export const commandNamed = (name: string): Command | undefined => byName.get(name);
