/** What the processor is kept busy for by the task that computes. */
const SPIN_MS = 5;

/** Computes; says what came out, so that no turn can be left out. */
export function spin(turns: number): number {
  let value = 1;
  for (let turn = 0; turn < turns; turn += 1) value = (Math.imul(value, 1_664_525) + 1_013_904_223) | 0;
  return value;
}

/**
 * How many turns take SPIN_MS of processor time: found by one thread while the others do nothing, because Node has no clock for
 * the processor time of a thread. A task that looks at the wall's clock instead would do less work where the machine is busy.
 */
export function turnsOfSpin(): number {
  const turns = 20_000_000;
  spin(turns / 10);
  const before = process.cpuUsage();
  spin(turns);
  const { user, system } = process.cpuUsage(before);
  return Math.round((turns * SPIN_MS * 1000) / (user + system));
}
