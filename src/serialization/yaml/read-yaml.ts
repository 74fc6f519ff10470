import { parseEvents, YAMLException } from 'js-yaml';
import { ToolboxError } from '../../base/index.js';
import type { DecodeBudget } from '../codec.js';
import { decodeFailed, overBudget } from '../failures.js';
import { YamlComposer } from './yaml-composer.js';

/** Reads one YAML 1.1 document as PyYAML's `safe_load` does; nothing at all is null. Throws DECODE_FAILED or BUDGET_EXCEEDED. */
export function readYaml(text: string, budget: DecodeBudget): unknown {
  return new YamlComposer(text, parse(text, budget), budget).document();
}

function parse(text: string, budget: DecodeBudget): ReturnType<typeof parseEvents> {
  try {
    return parseEvents(text, { maxDepth: budget.maxDepth });
  } catch (error) {
    if (error instanceof ToolboxError || !(error instanceof YAMLException)) throw error;
    if (error.reason?.includes('maxDepth')) throw overBudget('yaml', 'maxDepth', budget);
    // The package's message and its `mark` quote the data, which may hold secrets.
    const { line = 0, column = 0 } = error.mark ?? {};
    throw decodeFailed('yaml', `it does not fit the format at line ${line + 1}, column ${column + 1}`);
  }
}
