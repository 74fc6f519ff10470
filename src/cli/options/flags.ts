import type { Command } from 'commander';

const RANK: Readonly<Record<string, number>> = { default: 0, env: 1, cli: 2 };

/**
 * The options of a command, given before or after its name. What the command line says wins over the environment, and
 * that over a default; given twice, the one after the name wins.
 */
export function flagsOf<F>(command: Command): F {
  const best = new Map<string, { readonly rank: number; readonly value: unknown }>();
  for (const level of withParents(command)) {
    for (const [name, value] of Object.entries(level.opts())) {
      const rank = RANK[level.getOptionValueSource(name) ?? 'default'] ?? 0;
      if (value !== undefined && rank >= (best.get(name)?.rank ?? 0)) best.set(name, { rank, value });
    }
  }
  return Object.fromEntries([...best].map(([name, { value }]) => [name, value])) as F;
}

/** A command and those it belongs to, the outermost first. */
const withParents = (command: Command): readonly Command[] =>
  command.parent === null ? [command] : [...withParents(command.parent), command];
