import { isReady } from '../../../base/index.js';
import type { ResultBackend } from '../../../results/index.js';
import type { RetryFacts } from './retry-facts.js';

interface Situation {
  readonly mode: 'same' | 'new';
  /** The worker that has it in its hands. */
  readonly holder: string | undefined;
  readonly heard: ReadonlySet<string>;
  /** The worker that its result row names. */
  readonly startedBy: string | undefined;
}

/** Why a task cannot be retried now, in words; undefined when it can. */
export function retryRefusal(
  { status, lost, quarantined, options }: RetryFacts,
  { mode, holder, heard, startedBy }: Situation,
): string | undefined {
  if (options.placeholder === true) return 'only its id is known: its message never came';
  if (holder !== undefined) return `worker ${holder} has it in its hands`;
  if (status === 'REVOKED' && mode === 'same') {
    return 'was revoked: workers refuse its id for three hours; retry it under a new id';
  }
  if (isReady(status)) return undefined;
  if (quarantined) return 'its message is in quarantine: replay it from there';
  if (status === 'RETRY') return 'waits for its next attempt';
  if (status === 'PENDING')
    return lost ? undefined : 'waits in its queue, as far as is known: it has not run yet';
  if (startedBy === undefined) return `is ${status}, and nobody knows which worker runs it`;
  if (!heard.has(startedBy)) {
    return `worker ${startedBy} began it and cannot be heard: the reconciler tells when it is gone`;
  }
  return undefined;
}

/** The worker that stored STARTED, as the row tells. */
export async function startersOf(
  backend: ResultBackend | undefined,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const metas = ids.length === 0 ? [] : ((await backend?.get(ids)) ?? []);
  return new Map(
    metas.flatMap(({ taskId, result }) => {
      const hostname = (result as { hostname?: unknown } | null)?.hostname;
      return typeof hostname === 'string' ? [[taskId, hostname] as const] : [];
    }),
  );
}
