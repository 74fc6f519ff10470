/** Milliseconds of processor time `action` takes in this process: unlike wall time, not disturbed by a busy machine. */
export async function cpuMs(action: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The least of three tries, the first of which loads and compiles: what the action itself costs. */
export async function leastCpuMs(action: () => unknown): Promise<number> {
  const tries: number[] = [];
  for (let at = 0; at < 3; at += 1) tries.push(await cpuMs(action));
  return Math.min(...tries);
}
