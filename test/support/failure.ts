import { expect } from 'vitest';
import { ToolboxError } from '../../src/base/index.js';

/** What `action` throws, which must be one of our errors. */
export function failureOf(action: () => unknown): ToolboxError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(ToolboxError);
    return error as ToolboxError;
  }
  throw new Error('Nothing was thrown');
}
