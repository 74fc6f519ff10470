import type { JSX } from 'preact';
import type { QueueView } from '../../../src/platform/views/index.js';
import { useResource } from '../../client/resource.js';
import { numberOr, rateOr, secondsOr } from '../../format/measure.js';
import { t } from '../../i18n/translate.js';
import { Foreign } from '../../parts/foreign.js';
import { Empty, PageHead, Shown } from '../../parts/page.js';
import { Table } from '../../parts/table.js';
import { href } from '../../routing/location.js';
import { PauseButton } from './queue-actions.js';
import { QueueStatus } from './queue-status.js';

/** Seconds after which the oldest message is marked. */
export const OLD = 300;

export function Queues(): JSX.Element {
  const queues = useResource<{ items: readonly QueueView[] }>('/queues', ['queues']);
  return (
    <>
      <PageHead title={t('nav.queues')} />
      <Shown of={queues}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon="queues" title={t('empty.queues')} />
          ) : (
            <Table
              caption={t('nav.queues')}
              columns={[
                { key: 'name', label: t('column.queue') },
                { key: 'status', label: t('column.state') },
                { key: 'depth', label: t('queue.depth'), class: 'num' },
                { key: 'oldest', label: t('queue.oldest'), class: 'num' },
                { key: 'flight', label: t('queue.inFlight'), class: 'num mid-only' },
                { key: 'delayed', label: t('queue.delayed'), class: 'num mid-only' },
                { key: 'in', label: t('queue.in'), class: 'num wide-only' },
                { key: 'out', label: t('queue.out'), class: 'num wide-only' },
                { key: 'consumers', label: t('queue.consumers'), class: 'num mid-only' },
                { key: 'actions', label: t('column.actions'), class: 'mid-only' },
              ]}
            >
              {items.map((queue) => (
                <tr key={queue.name} data-row={queue.name}>
                  <th scope="row" class="name">
                    <a class="row-link" href={href(`/queue/${encodeURIComponent(queue.name)}`)}>
                      <Foreign text={queue.name} />
                    </a>
                    {queue.problem !== null && (
                      <span class="sub bad">
                        <Foreign text={queue.problem} />
                      </span>
                    )}
                  </th>
                  <td>
                    <QueueStatus queue={queue} />
                  </td>
                  <td class="num strong">{numberOr(queue.depth)}</td>
                  <td class={(queue.oldestSeconds ?? 0) > OLD ? 'num warn' : 'num'}>
                    {secondsOr(queue.oldestSeconds)}
                  </td>
                  <td class="num mid-only">{numberOr(queue.inFlight)}</td>
                  <td class="num mid-only">{numberOr(queue.delayed)}</td>
                  <td class="num wide-only">{rateOr(queue.inRate)}</td>
                  <td class="num wide-only">{rateOr(queue.outRate)}</td>
                  <td class={queue.consumers === 0 ? 'num mid-only warn' : 'num mid-only'}>
                    {numberOr(queue.consumers)}
                  </td>
                  <td class="mid-only">
                    <PauseButton queue={queue} refresh={queues.refresh} />
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
