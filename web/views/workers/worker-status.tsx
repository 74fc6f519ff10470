import type { JSX } from 'preact';
import type { WorkerView } from '../../../src/platform/views/index.js';
import { t } from '../../i18n/translate.js';
import type { IconName } from '../../parts/icon.js';
import { Badge } from '../../parts/state.js';

const LOOKS: Readonly<Record<WorkerView['status'], readonly ['ok' | 'warn' | 'bad' | 'off', IconName]>> = {
  up: ['ok', 'check'],
  draining: ['warn', 'pause'],
  silent: ['bad', 'question'],
  gone: ['off', 'cross'],
};

export function WorkerStatus({ status }: { status: WorkerView['status'] }): JSX.Element {
  const [tone, icon] = LOOKS[status];
  return (
    <Badge tone={tone} icon={icon}>
      {t(`worker.${status}`)}
    </Badge>
  );
}

const SHORT = { typescript: 'TS', python: 'PY', unknown: '?' } as const;
export function LanguageMark({ worker }: { worker: WorkerView }): JSX.Element {
  return (
    <span class={`language ${worker.language}`} title={t(`language.${worker.language}`)}>
      {SHORT[worker.language]}
      {worker.version !== null && <small>{worker.version}</small>}
    </span>
  );
}

/** Slots in use of all, as a bar with its numbers. */
export function Slots({ worker }: { worker: WorkerView }): JSX.Element {
  const used = worker.active.length;
  return (
    <span class="slots">
      {worker.concurrency !== null && (
        <meter min={0} max={Math.max(1, worker.concurrency)} value={used} aria-label={t('worker.slots')} />
      )}
      <span class="num">
        {used}
        {worker.concurrency !== null && ` / ${worker.concurrency}`}
      </span>
    </span>
  );
}
