const KNOWN: Readonly<Record<string, string>> = {
  SUCCESS: '--ok',
  FAILURE: '--bad',
  RETRY: '--warn',
  REVOKED: '--off',
  p50: '--plot-1',
  p95: '--plot-2',
  p99: '--plot-3',
};
const OTHERS = 8;

/** The colour of a line: outcomes and percentiles have their own, others take theirs by position. */
export const lineColour = (name: string, index: number): string =>
  KNOWN[name] ?? `--line-${(index % OTHERS) + 1}`;
