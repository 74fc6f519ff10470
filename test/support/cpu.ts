/** Milliseconds of processor time `action` takes in this process: unlike wall time, not disturbed by a busy machine. */
export async function cpuMs(action: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
