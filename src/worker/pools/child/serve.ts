import type { ChildPort, ChildSetup } from '../protocol.js';
import { Child } from './child.js';

/** Lives as a child of a pool until it is told to stop. */
export async function serve(
  port: ChildPort,
  setup: ChildSetup,
  leave: (code: number) => void,
): Promise<void> {
  const child = new Child(port, setup, () => leave(0));
  // Of this thread alone, where it is one.
  process.on('uncaughtException', (error) => child.stray(error));
  process.on('unhandledRejection', (reason) => child.stray(reason));
  port.onMessage((message) => child.take(message));
  if (!(await child.start())) leave(1);
}
