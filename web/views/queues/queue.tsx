import type { JSX } from 'preact';
import type { QueueDetail } from '../../../src/platform/views/index.js';
import { useResource } from '../../client/resource.js';
import { seen } from '../../format/foreign.js';
import { numberOr, rateOr, secondsOr } from '../../format/measure.js';
import { formatNumber, t } from '../../i18n/translate.js';
import { Figures } from '../../parts/figures.js';
import { Foreign } from '../../parts/foreign.js';
import { Icon } from '../../parts/icon.js';
import { Moment } from '../../parts/moment.js';
import { PageHead, Shown } from '../../parts/page.js';
import { Plot } from '../../parts/plot.js';
import { href, withQuery } from '../../routing/location.js';
import { PauseButton, PurgeButton } from './queue-actions.js';
import { QueueStatus } from './queue-status.js';
import { OLD } from './queues.js';

export function Queue({ name }: { name: string }): JSX.Element {
  const queue = useResource<QueueDetail>(`/queues/${encodeURIComponent(name)}`, ['queues']);
  const { data } = queue;
  return (
    <>
      <PageHead title={seen(name)} back={{ to: '/queues', label: t('nav.queues') }}>
        <a class="button" href={href(withQuery('/tasks', { queue: name }))}>
          <Icon name="tasks" />
          {t('queue.tasks')}
        </a>
        {data !== undefined && <PauseButton queue={data} refresh={queue.refresh} />}
        {data !== undefined && <PurgeButton queue={data} refresh={queue.refresh} />}
      </PageHead>
      <Shown of={queue}>
        {(view) => (
          <>
            <div class="status-line">
              <QueueStatus queue={view} />
              {view.problem !== null && (
                <span class="bad">
                  <Foreign text={view.problem} />
                </span>
              )}
              {view.sampled !== null && (
                <span class="soft">
                  {t('queue.sampled')} <Moment at={view.sampled} as="ago" />
                </span>
              )}
              {view.deadLetter !== null && (
                <a href={href(`/queue/${encodeURIComponent(view.deadLetter)}`)}>
                  {t('queue.deadLetter')} <Foreign text={view.deadLetter} />
                </a>
              )}
            </div>
            {view.paused && <Obedience queue={view} />}
            <Figures
              figures={[
                { label: t('queue.depth'), value: numberOr(view.depth) },
                {
                  label: t('queue.oldest'),
                  value: secondsOr(view.oldestSeconds),
                  tone: (view.oldestSeconds ?? 0) > OLD ? 'warn' : undefined,
                },
                { label: t('queue.inFlight'), value: numberOr(view.inFlight) },
                { label: t('queue.delayed'), value: numberOr(view.delayed) },
                { label: t('queue.in'), value: rateOr(view.inRate) },
                { label: t('queue.out'), value: rateOr(view.outRate) },
                {
                  label: t('queue.consumers'),
                  value: numberOr(view.consumers),
                  tone: view.consumers === 0 ? 'warn' : undefined,
                },
              ]}
            />
            <Plot
              title={t('queue.history')}
              series={view.history}
              format={(value) => formatNumber(value, { maximumFractionDigits: 1 })}
              height={220}
              nameOf={(line) => (line === name ? t('queue.depth') : line)}
            />
          </>
        )}
      </Shown>
    </>
  );
}

/** Which workers hold still, and which have not heard yet. */
function Obedience({ queue }: { queue: QueueDetail }): JSX.Element {
  return (
    <div class="callout warn">
      <Icon name="pause" />
      <span>
        {t('queue.obeyed', { n: queue.obeyedBy.length })}{' '}
        {queue.obeyedBy.map((worker) => (
          <code key={worker}>
            <Foreign text={worker} />
          </code>
        ))}
        {queue.ignoredBy.length > 0 && (
          <>
            {' '}
            {t('queue.ignored', { n: queue.ignoredBy.length })}{' '}
            {queue.ignoredBy.map((worker) => (
              <code key={worker}>
                <Foreign text={worker} />
              </code>
            ))}
          </>
        )}
      </span>
    </div>
  );
}
