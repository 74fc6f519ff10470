import type { JSX } from 'preact';
import type { WorkerView } from '../../../src/platform/views/index.js';
import { useResource } from '../../client/resource.js';
import { formatBytes, formatSeconds } from '../../format/duration.js';
import { seen } from '../../format/foreign.js';
import { numberOr, secondsOr } from '../../format/measure.js';
import { formatNumber, t } from '../../i18n/translate.js';
import { Figures } from '../../parts/figures.js';
import { Foreign } from '../../parts/foreign.js';
import { Icon } from '../../parts/icon.js';
import { Moment, useNow } from '../../parts/moment.js';
import { Empty, PageHead, Section, Shown } from '../../parts/page.js';
import { Table } from '../../parts/table.js';
import { href, taskPath, withQuery } from '../../routing/location.js';
import { WorkerActions } from './worker-actions.js';
import { LanguageMark, WorkerStatus } from './worker-status.js';
import { LAGGING_MS } from './workers.js';

export function Worker({ name }: { name: string }): JSX.Element {
  const worker = useResource<WorkerView>(`/workers/${encodeURIComponent(name)}`, ['workers']);
  return (
    <>
      <PageHead title={seen(name)} back={{ to: '/workers', label: t('nav.workers') }}>
        <a class="button" href={href(withQuery('/tasks', { worker: name }))}>
          <Icon name="tasks" />
          {t('queue.tasks')}
        </a>
        {worker.data !== undefined && <WorkerActions worker={worker.data} refresh={worker.refresh} />}
      </PageHead>
      <Shown of={worker}>
        {(view) => (
          <>
            <div class="status-line">
              <WorkerStatus status={view.status} />
              <LanguageMark worker={view} />
              <span class="soft">
                <Foreign text={view.host} />
                {view.pid !== null && ` · pid ${view.pid}`}
                {view.pool !== null && ` · ${view.pool}`}
              </span>
              <span class="soft">
                {t('worker.heard')} <Moment at={view.heard} as="ago" />
              </span>
            </div>
            <Figures
              figures={[
                { label: t('worker.slots'), value: `${view.active.length} / ${view.concurrency ?? '–'}` },
                { label: t('worker.prefetched'), value: numberOr(view.prefetched) },
                { label: t('worker.processed'), value: numberOr(view.processed) },
                {
                  label: t('worker.lag'),
                  value: view.loopLagMs === null ? '–' : `${formatNumber(Math.round(view.loopLagMs))} ms`,
                  tone: (view.loopLagMs ?? 0) > LAGGING_MS ? 'warn' : undefined,
                },
                { label: t('worker.rss'), value: view.rssBytes === null ? '–' : formatBytes(view.rssBytes) },
                {
                  label: t('worker.clock'),
                  value: secondsOr(view.clockOffsetSeconds),
                  tone: Math.abs(view.clockOffsetSeconds ?? 0) > 5 ? 'warn' : undefined,
                },
              ]}
            />
            <Section title={t('worker.active')}>
              <Active worker={view} />
            </Section>
            <Section title={t('nav.queues')}>
              <p class="chips">
                {view.queues.map((queue) => (
                  <a key={queue} class="chip" href={href(`/queue/${encodeURIComponent(queue)}`)}>
                    <Foreign text={queue} />
                  </a>
                ))}
              </p>
            </Section>
          </>
        )}
      </Shown>
    </>
  );
}

function Active({ worker }: { worker: WorkerView }): JSX.Element {
  const now = useNow();
  if (worker.active.length === 0) return <Empty icon="workers" title={t('worker.idle')} />;
  return (
    <Table
      caption={t('worker.active')}
      columns={[
        { key: 'task', label: t('column.task') },
        { key: 'started', label: t('column.started'), class: 'num' },
        { key: 'for', label: t('worker.for'), class: 'num' },
      ]}
    >
      {worker.active.map((task) => (
        <tr key={task.id} data-row={task.id}>
          <th scope="row" class="name">
            <a class="row-link" href={href(taskPath(task.id))}>
              <Foreign text={task.name} />
            </a>
            <span class="sub">
              <code>{task.id}</code>
            </span>
          </th>
          <td class="num">{task.started === null ? '–' : <Moment at={task.started} />}</td>
          <td class="num">
            {task.started === null
              ? '–'
              : formatSeconds(Math.max(0, Math.round((now.getTime() - Date.parse(task.started)) / 1000)))}
          </td>
        </tr>
      ))}
    </Table>
  );
}
