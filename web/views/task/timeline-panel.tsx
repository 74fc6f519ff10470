import type { JSX } from 'preact';
import type { TaskDetail, TimelineEntry } from '../../../src/platform/views/index.js';
import { formatMs } from '../../format/duration.js';
import { t } from '../../i18n/translate.js';
import { Foreign } from '../../parts/foreign.js';
import { Icon, type IconName } from '../../parts/icon.js';
import { Moment } from '../../parts/moment.js';
import { Empty, Section } from '../../parts/page.js';
import { StateBadge } from '../../parts/state.js';
import { None, Table } from '../../parts/table.js';

const ICONS: Readonly<Record<TimelineEntry['what'], IconName>> = {
  sent: 'open',
  tracked: 'bookmark',
  due: 'clock',
  received: 'down',
  started: 'play',
  retried: 'retry',
  ended: 'check',
  lost: 'lost',
  stored: 'download',
  action: 'user',
};

/** How wide the bar of a gap may be drawn, in steps of the style sheet: nothing inline, and long waits do not drown short ones. */
const gapStep = (ms: number): number => Math.min(6, Math.max(0, Math.round(Math.log10(Math.max(1, ms)))));

export function TimelinePanel({ task }: { task: TaskDetail }): JSX.Element {
  const first = task.timeline[0];
  if (first === undefined) return <Empty icon="clock" title={t('timeline.none')} />;
  const start = Date.parse(first.at);
  return (
    <>
      <ol class="timeline">
        {task.timeline.map((entry, index) => {
          const at = Date.parse(entry.at);
          const before = task.timeline[index - 1];
          const gap = before === undefined ? 0 : at - Date.parse(before.at);
          const bad = entry.what === 'lost' || (entry.what === 'ended' && task.phase === 'failed');
          return (
            <li
              key={`${entry.what} ${entry.at} ${index}`}
              class={`${bad ? 'bad' : entry.what} gap-${gapStep(gap)}`}
            >
              <span class="timeline-sign">
                <Icon name={bad ? 'cross' : ICONS[entry.what]} />
              </span>
              <span class="timeline-what">
                <b>{t(`timeline.${entry.what}`)}</b>
                {entry.detail !== null && (
                  <span class="soft">
                    <Foreign text={entry.detail} />
                  </span>
                )}
              </span>
              <span class="timeline-gap">{gap > 0 && `+${formatMs(gap)}`}</span>
              <span class="timeline-at">
                <Moment at={entry.at} />
                <small>{formatMs(at - start)}</small>
              </span>
            </li>
          );
        })}
      </ol>
      {task.attempts.length > 0 && <Attempts task={task} />}
    </>
  );
}

function Attempts({ task }: { task: TaskDetail }): JSX.Element {
  return (
    <Section title={t('attempts')}>
      <Table
        caption={t('attempts')}
        columns={[
          { key: 'number', label: '#', class: 'num' },
          { key: 'outcome', label: t('column.state') },
          { key: 'worker', label: t('column.worker') },
          { key: 'started', label: t('column.started'), class: 'num' },
          { key: 'run', label: t('column.run'), class: 'num' },
          { key: 'reason', label: t('column.reason') },
        ]}
      >
        {task.attempts.map((attempt) => (
          <tr key={attempt.number}>
            <td class="num">{attempt.number}</td>
            <td>
              <StateBadge state={attempt.outcome ?? 'STARTED'} />
            </td>
            <td>{attempt.worker === null ? <None /> : <Foreign text={attempt.worker} />}</td>
            <td class="num">
              <Moment at={attempt.started} />
            </td>
            <td class="num">
              {attempt.ended === null ? (
                <None />
              ) : (
                formatMs(Date.parse(attempt.ended) - Date.parse(attempt.started))
              )}
            </td>
            <td>{attempt.reason === null ? <None /> : <Foreign text={attempt.reason} />}</td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}
