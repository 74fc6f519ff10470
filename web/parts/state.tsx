import type { JSX } from 'preact';
import type { Phase, TaskFlag } from '../../src/platform/views/index.js';
import { seen } from '../format/foreign.js';
import { t } from '../i18n/translate.js';
import { Icon, type IconName } from './icon.js';

const ICONS: Readonly<Record<Phase, IconName>> = {
  scheduled: 'clock',
  queued: 'queued',
  running: 'play',
  retrying: 'retry',
  succeeded: 'check',
  failed: 'cross',
  revoked: 'ban',
  unknown: 'question',
  lost: 'lost',
  other: 'dot',
};
export const phaseIcon = (phase: Phase): IconName => ICONS[phase];
export const phaseWord = (phase: Phase): string => t(`phase.${phase}`);

/** A phase, never by colour alone; Celery's own word stands in the tooltip and, where it says more, beside. */
export function PhaseBadge({ phase, state }: { phase: Phase; state?: string }): JSX.Element {
  const word = phase === 'other' && state !== undefined ? seen(state) : phaseWord(phase);
  return (
    <span class={`badge phase-${phase}`} {...(state === undefined ? {} : { title: seen(state) })}>
      <Icon name={ICONS[phase]} />
      {word}
    </span>
  );
}

const STATE_PHASES: Readonly<Record<string, Phase>> = {
  PENDING: 'queued',
  RECEIVED: 'queued',
  STARTED: 'running',
  RETRY: 'retrying',
  SUCCESS: 'succeeded',
  FAILURE: 'failed',
  REVOKED: 'revoked',
};
/** What a Celery state is called on the page; one of somebody's own is called as it is. */
export function stateWord(state: string): string {
  const phase = STATE_PHASES[state];
  return phase === undefined ? seen(state) : phaseWord(phase);
}

/** A Celery state where no phase is told: of a family, a schedule's last run. */
export function StateBadge({ state }: { state: string }): JSX.Element {
  const phase = STATE_PHASES[state] ?? 'other';
  return (
    <span class={`badge phase-${phase}`} title={seen(state)}>
      <Icon name={ICONS[phase]} />
      {stateWord(state)}
    </span>
  );
}

export function Flags({ flags }: { flags: readonly TaskFlag[] }): JSX.Element {
  return (
    <>
      {flags.map((flag) => (
        <span key={flag} class="badge flag" title={t(`flag.${flag}.why`)}>
          <Icon name="warning" />
          {t(`flag.${flag}`)}
        </span>
      ))}
    </>
  );
}

type Tone = 'ok' | 'bad' | 'warn' | 'off' | 'run';
export function Badge({
  tone,
  icon,
  children,
}: {
  tone: Tone;
  icon: IconName;
  children: string;
}): JSX.Element {
  return (
    <span class={`badge tone-${tone}`}>
      <Icon name={icon} />
      {children}
    </span>
  );
}
