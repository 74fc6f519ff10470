import type { JSX } from 'preact';
import type { Phase, TaskCounts } from '../../../src/platform/views/index.js';
import { formatNumber, t } from '../../i18n/translate.js';
import { Icon } from '../../parts/icon.js';
import { phaseIcon, phaseWord } from '../../parts/state.js';
import { href } from '../../routing/location.js';

const OPEN: readonly Phase[] = ['scheduled', 'queued', 'running', 'retrying'];
const ENDED: readonly Phase[] = ['succeeded', 'failed', 'revoked'];
const ODD: readonly Phase[] = ['unknown', 'lost'];

/** Where all recorded tasks are, from sent to ended: each stage leads to its list. */
export function Flow({ counts }: { counts: TaskCounts }): JSX.Element {
  const of = (phase: Phase): number => counts.phases[phase]?.value ?? 0;
  const stage = (phase: Phase): JSX.Element => (
    <a
      key={phase}
      class={`stage phase-${phase}`}
      href={href(`/tasks?state=${phase}`)}
      data-empty={of(phase) === 0}
    >
      <span class="stage-name">
        <Icon name={phaseIcon(phase)} />
        {phaseWord(phase)}
      </span>
      <b>
        {counts.phases[phase]?.exact === false && '≈'}
        {formatNumber(of(phase), { notation: of(phase) < 100_000 ? 'standard' : 'compact' })}
      </b>
    </a>
  );
  const odd = ODD.filter((phase) => of(phase) > 0);
  return (
    <section class="flow" aria-label={t('overview.flow')}>
      <div class="flow-group">{OPEN.map(stage)}</div>
      <span class="flow-arrow">
        <Icon name="right" />
      </span>
      <div class="flow-group">{ENDED.map(stage)}</div>
      {odd.length > 0 && <div class="flow-group odd">{odd.map(stage)}</div>}
    </section>
  );
}
