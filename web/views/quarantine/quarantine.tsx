import type { JSX } from 'preact';
import type { QuarantinePage } from '../../../src/platform/views/index.js';
import { useResource } from '../../client/resource.js';
import { formatBytes } from '../../format/duration.js';
import { formatNumber, t } from '../../i18n/translate.js';
import { Foreign } from '../../parts/foreign.js';
import { Icon } from '../../parts/icon.js';
import { Moment } from '../../parts/moment.js';
import { Empty, PageHead, Shown } from '../../parts/page.js';
import { Table } from '../../parts/table.js';
import { changeQuery, href, usePlace, withQuery } from '../../routing/location.js';
import { Pager } from '../tasks/pager.js';
import { useSelection } from '../tasks/selection.js';
import { QuarantineBar, ReplayButton } from './quarantine-actions.js';

const part = (query: URLSearchParams, key: string): string | undefined => query.get(key) ?? undefined;

export function Quarantine(): JSX.Element {
  const { query } = usePlace();
  const filter = { queue: part(query, 'queue'), code: part(query, 'code') };
  const page = useResource<QuarantinePage>(
    withQuery('/quarantine', { ...filter, cursor: part(query, 'cursor') }),
    ['quarantine'],
  );
  const selection = useSelection((page.data?.items ?? []).map(({ id }) => id));
  return (
    <>
      <PageHead title={t('nav.quarantine')} note={t('quarantine.note')} />
      <Shown of={page}>
        {(data) => (
          <>
            <div class="chips" role="group" aria-label={t('quarantine.groups')}>
              <button
                type="button"
                class="chip"
                aria-pressed={filter.code === undefined && filter.queue === undefined}
                onClick={() => changeQuery({ code: undefined, queue: undefined, cursor: undefined })}
              >
                {t('tasks.all')}{' '}
                <b>{formatNumber(data.groups.reduce((sum, group) => sum + group.count, 0))}</b>
              </button>
              {data.groups.map((group) => (
                <button
                  key={`${group.queue} ${group.code}`}
                  type="button"
                  class="chip"
                  aria-pressed={filter.code === group.code && filter.queue === group.queue}
                  onClick={() => changeQuery({ code: group.code, queue: group.queue, cursor: undefined })}
                >
                  <Foreign text={group.queue} /> · <Foreign text={group.code} />{' '}
                  <b>{formatNumber(group.count)}</b>
                </button>
              ))}
            </div>
            {data.items.length === 0 ? (
              <Empty icon="quarantine" title={t('empty.quarantine')}>
                <p class="soft">{t('empty.quarantine.note')}</p>
              </Empty>
            ) : (
              <>
                <QuarantineBar selection={selection} refresh={page.refresh} />
                <Table
                  caption={t('nav.quarantine')}
                  lead={
                    <th scope="col" class="tick">
                      <input
                        type="checkbox"
                        checked={selection.ids.size === data.items.length}
                        aria-label={t('tasks.selectAll')}
                        onChange={selection.toggleAll}
                      />
                    </th>
                  }
                  columns={[
                    { key: 'message', label: t('quarantine.message') },
                    { key: 'reason', label: t('column.reason') },
                    { key: 'queue', label: t('column.queue'), class: 'mid-only' },
                    { key: 'count', label: t('quarantine.times'), class: 'num wide-only' },
                    { key: 'bytes', label: t('quarantine.size'), class: 'num wide-only' },
                    { key: 'seen', label: t('quarantine.last'), class: 'num mid-only' },
                    { key: 'actions', label: t('column.actions'), class: 'mid-only' },
                  ]}
                >
                  {data.items.map((item) => (
                    <tr key={item.id} data-row={item.id} class={selection.ids.has(item.id) ? 'ticked' : ''}>
                      <td class="tick">
                        <input
                          type="checkbox"
                          checked={selection.ids.has(item.id)}
                          aria-label={`${t('keys.select')} ${item.id}`}
                          onClick={(event) => selection.toggle(item.id, event.shiftKey)}
                        />
                      </td>
                      <th scope="row" class="name">
                        <a class="row-link" href={href(`/quarantine/${encodeURIComponent(item.id)}`)}>
                          <Foreign text={item.taskName ?? t('message.noName')} />
                        </a>
                        {item.taskId !== null && (
                          <span class="sub">
                            <code>
                              <Foreign text={item.taskId} />
                            </code>
                          </span>
                        )}
                      </th>
                      <td class="reason-cell">
                        <span class="badge tone-bad">
                          <Icon name="warning" />
                          <Foreign text={item.code} />
                        </span>
                        <span class="sub clamp">
                          <Foreign text={item.reason} />
                        </span>
                      </td>
                      <td class="mid-only">
                        <Foreign text={item.queue} />
                      </td>
                      <td class="num wide-only">{item.count}</td>
                      <td class="num wide-only">{formatBytes(item.bytes)}</td>
                      <td class="num mid-only">
                        <Moment at={item.lastSeen} as="ago" />
                      </td>
                      <td class="mid-only">
                        <ReplayButton id={item.id} refresh={page.refresh} />
                      </td>
                    </tr>
                  ))}
                </Table>
                <Pager page={data} />
              </>
            )}
          </>
        )}
      </Shown>
    </>
  );
}
