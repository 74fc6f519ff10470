import type { JSX } from 'preact';
import type { WorkerView } from '../../../src/platform/views/index.js';
import { useResource } from '../../client/resource.js';
import { formatBytes } from '../../format/duration.js';
import { numberOr } from '../../format/measure.js';
import { formatNumber, t } from '../../i18n/translate.js';
import { Foreign } from '../../parts/foreign.js';
import { Moment } from '../../parts/moment.js';
import { Empty, PageHead, Shown } from '../../parts/page.js';
import { None, Table } from '../../parts/table.js';
import { href } from '../../routing/location.js';
import { LanguageMark, Slots, WorkerStatus } from './worker-status.js';

export const LAGGING_MS = 200;

export function Workers(): JSX.Element {
  const workers = useResource<{ items: readonly WorkerView[] }>('/workers', ['workers']);
  return (
    <>
      <PageHead title={t('nav.workers')} />
      <Shown of={workers}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon="workers" title={t('empty.workers')}>
              <p class="soft">{t('empty.workers.how')}</p>
              <p class="command">
                <code>npx workertoolbox -A app.ts worker -l info</code>
              </p>
            </Empty>
          ) : (
            <Table
              caption={t('nav.workers')}
              columns={[
                { key: 'name', label: t('column.worker') },
                { key: 'status', label: t('column.state') },
                { key: 'slots', label: t('worker.slots') },
                { key: 'queues', label: t('nav.queues'), class: 'mid-only' },
                { key: 'prefetched', label: t('worker.prefetched'), class: 'num wide-only' },
                { key: 'processed', label: t('worker.processed'), class: 'num mid-only' },
                { key: 'lag', label: t('worker.lag'), class: 'num wide-only' },
                { key: 'rss', label: t('worker.rss'), class: 'num wide-only' },
                { key: 'heard', label: t('worker.heard'), class: 'num mid-only' },
              ]}
            >
              {items.map((worker) => (
                <tr key={worker.name} data-row={worker.name}>
                  <th scope="row" class="name">
                    <a class="row-link" href={href(`/worker/${encodeURIComponent(worker.name)}`)}>
                      <Foreign text={worker.name} />
                    </a>
                    <span class="sub">
                      <LanguageMark worker={worker} />{' '}
                      {worker.pool !== null && <Foreign text={worker.pool} />}
                    </span>
                  </th>
                  <td>
                    <WorkerStatus status={worker.status} />
                  </td>
                  <td>
                    <Slots worker={worker} />
                  </td>
                  <td class="mid-only">
                    {worker.queues.length === 0 ? <None /> : <Foreign text={worker.queues.join(', ')} />}
                  </td>
                  <td class="num wide-only">{numberOr(worker.prefetched)}</td>
                  <td class="num mid-only">{numberOr(worker.processed)}</td>
                  <td class={(worker.loopLagMs ?? 0) > LAGGING_MS ? 'num wide-only warn' : 'num wide-only'}>
                    {worker.loopLagMs === null ? (
                      <None />
                    ) : (
                      `${formatNumber(Math.round(worker.loopLagMs))} ms`
                    )}
                  </td>
                  <td class="num wide-only">
                    {worker.rssBytes === null ? <None /> : formatBytes(worker.rssBytes)}
                  </td>
                  <td class="num mid-only">
                    <Moment at={worker.heard} as="ago" />
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Shown>
    </>
  );
}
