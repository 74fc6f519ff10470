import type { JSX } from 'preact';
import type { TypeView } from '../../../src/platform/views/index.js';
import { useResource } from '../../client/resource.js';
import { formatPercent } from '../../format/duration.js';
import { secondsOr } from '../../format/measure.js';
import { formatNumber, t } from '../../i18n/translate.js';
import { Foreign } from '../../parts/foreign.js';
import { Empty, PageHead, Shown } from '../../parts/page.js';
import { Table } from '../../parts/table.js';
import { href, usePlace } from '../../routing/location.js';
import { WindowChoice } from '../overview/overview.js';

export function Types(): JSX.Element {
  const window = usePlace().query.get('window') ?? '24h';
  const types = useResource<{ items: readonly TypeView[] }>(`/types?window=${encodeURIComponent(window)}`, [
    'overview',
  ]);
  return (
    <>
      <PageHead title={t('nav.types')}>
        <WindowChoice chosen={window} />
      </PageHead>
      <Shown of={types}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon="types" title={t('empty.types')} />
          ) : (
            <Table
              caption={t('nav.types')}
              columns={[
                { key: 'name', label: t('column.task') },
                { key: 'total', label: t('type.total'), class: 'num' },
                { key: 'failed', label: t('type.failureShare'), class: 'num' },
                { key: 'run50', label: `${t('column.run')} p50`, class: 'num mid-only' },
                { key: 'run95', label: 'p95', class: 'num' },
                { key: 'run99', label: 'p99', class: 'num mid-only' },
                { key: 'wait50', label: `${t('column.wait')} p50`, class: 'num wide-only' },
                { key: 'wait95', label: 'p95', class: 'num wide-only' },
                { key: 'wait99', label: 'p99', class: 'num wide-only' },
              ]}
            >
              {items.map((type) => (
                <tr key={type.name} data-row={type.name}>
                  <th scope="row" class="name">
                    <a
                      class="row-link"
                      href={href(`/type/${encodeURIComponent(type.name)}?window=${window}`)}
                    >
                      <Foreign text={type.name} />
                    </a>
                    {type.signature !== null && (
                      <span class="sub clamp-one">
                        <code>
                          <Foreign text={type.signature} />
                        </code>
                      </span>
                    )}
                  </th>
                  <td class="num strong">{formatNumber(type.total)}</td>
                  <td class={type.failureShare > 0.05 ? 'num bad' : 'num'}>
                    {formatPercent(type.failureShare)}
                  </td>
                  <td class="num mid-only">{secondsOr(type.run?.p50 ?? null)}</td>
                  <td class="num">{secondsOr(type.run?.p95 ?? null)}</td>
                  <td class="num mid-only">{secondsOr(type.run?.p99 ?? null)}</td>
                  <td class="num wide-only">{secondsOr(type.wait?.p50 ?? null)}</td>
                  <td class="num wide-only">{secondsOr(type.wait?.p95 ?? null)}</td>
                  <td class="num wide-only">{secondsOr(type.wait?.p99 ?? null)}</td>
                </tr>
              ))}
            </Table>
          )
        }
      </Shown>
    </>
  );
}
