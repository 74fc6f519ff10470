import type { JSX } from 'preact';
import type { Phase, TaskCounts } from '../../../src/platform/views/index.js';
import { formatNumber, t } from '../../i18n/translate.js';
import { Icon } from '../../parts/icon.js';
import { phaseIcon, phaseWord } from '../../parts/state.js';
import { changeQuery } from '../../routing/location.js';

const ALWAYS: readonly Phase[] = [
  'scheduled',
  'queued',
  'running',
  'retrying',
  'succeeded',
  'failed',
  'revoked',
];
const SOMETIMES: readonly Phase[] = ['unknown', 'lost', 'other'];

const number = (count: { value: number; exact: boolean } | undefined): string =>
  count === undefined
    ? '0'
    : `${count.exact ? '' : '≈'}${formatNumber(count.value, { notation: count.exact ? 'standard' : 'compact' })}`;

/** One chip for each phase with how many the rest of the filter finds; several can be chosen. */
export function StateChips({
  counts,
  chosen,
}: {
  counts: TaskCounts | undefined;
  chosen: string | null;
}): JSX.Element {
  const on = new Set(chosen?.split(',') ?? []);
  const shown = [
    ...ALWAYS,
    ...SOMETIMES.filter((phase) => on.has(phase) || (counts?.phases[phase]?.value ?? 0) > 0),
  ];
  const toggle = (phase: Phase): void => {
    const next = on.has(phase) ? [...on].filter((other) => other !== phase) : [...on, phase];
    changeQuery({ state: next.join(','), cursor: undefined });
  };
  return (
    <div class="chips" role="group" aria-label={t('filter.state')}>
      <button
        type="button"
        class="chip"
        aria-pressed={on.size === 0}
        onClick={() => changeQuery({ state: undefined, cursor: undefined })}
      >
        {t('tasks.all')} <b>{counts === undefined ? '' : number(counts.total)}</b>
      </button>
      {shown.map((phase) => (
        <button
          key={phase}
          type="button"
          class={`chip phase-${phase}`}
          aria-pressed={on.has(phase)}
          onClick={() => toggle(phase)}
        >
          <Icon name={phaseIcon(phase)} />
          {phaseWord(phase)} <b>{counts === undefined ? '' : number(counts.phases[phase])}</b>
        </button>
      ))}
    </div>
  );
}
