import type { JSX } from 'preact';
import type { TypeDetail } from '../../../src/platform/views/index.js';
import { useResource } from '../../client/resource.js';
import { formatMs, formatPercent, formatRate, formatSeconds } from '../../format/duration.js';
import { seen } from '../../format/foreign.js';
import { shortId } from '../../format/ids.js';
import { secondsOr } from '../../format/measure.js';
import { formatNumber, t } from '../../i18n/translate.js';
import { Figures } from '../../parts/figures.js';
import { Foreign } from '../../parts/foreign.js';
import { Icon } from '../../parts/icon.js';
import { Empty, PageHead, Section, Shown } from '../../parts/page.js';
import { Plot } from '../../parts/plot.js';
import { stateWord } from '../../parts/state.js';
import { None, Table } from '../../parts/table.js';
import { href, taskPath, usePlace, withQuery } from '../../routing/location.js';
import { WindowChoice } from '../overview/overview.js';

export function Type({ name }: { name: string }): JSX.Element {
  const window = usePlace().query.get('window') ?? '24h';
  const type = useResource<TypeDetail>(
    `/types/${encodeURIComponent(name)}?window=${encodeURIComponent(window)}`,
    ['overview'],
  );
  return (
    <>
      <PageHead
        title={seen(name)}
        back={{ to: '/types', label: t('nav.types') }}
        note={(type.data?.doc ?? null) === null ? undefined : <Foreign text={type.data?.doc ?? ''} />}
      >
        <a class="button" href={href(withQuery('/tasks', { type: name }))}>
          <Icon name="tasks" />
          {t('queue.tasks')}
        </a>
        <WindowChoice chosen={window} />
      </PageHead>
      <Shown of={type}>
        {(view) => (
          <>
            {view.signature !== null && (
              <p>
                <code class="signature">
                  <Foreign text={view.signature} />
                </code>
              </p>
            )}
            <Figures
              figures={[
                { label: t('type.total'), value: formatNumber(view.total) },
                {
                  label: t('phase.failed'),
                  value: formatNumber(view.failed),
                  tone: view.failed > 0 ? 'bad' : undefined,
                },
                { label: t('type.failureShare'), value: formatPercent(view.failureShare) },
                { label: `${t('column.run')} p50`, value: secondsOr(view.run?.p50 ?? null) },
                { label: `${t('column.run')} p95`, value: secondsOr(view.run?.p95 ?? null) },
                { label: `${t('column.wait')} p50`, value: secondsOr(view.wait?.p50 ?? null) },
                { label: `${t('column.wait')} p95`, value: secondsOr(view.wait?.p95 ?? null) },
              ]}
            />
            <div class="plots">
              <Plot
                title={t('overview.throughput')}
                series={view.throughput}
                format={(value) => `${formatRate(value)}/s`}
                group="type"
                nameOf={stateWord}
              />
              <Plot title={t('overview.running')} series={view.running} format={formatSeconds} group="type" />
            </div>
            <Section title={t('type.slowest')}>
              {view.slowest.length === 0 ? (
                <Empty icon="types" title={t('empty.types')} />
              ) : (
                <Table
                  caption={t('type.slowest')}
                  columns={[
                    { key: 'id', label: t('column.task') },
                    { key: 'run', label: t('column.run'), class: 'num' },
                    { key: 'worker', label: t('column.worker') },
                  ]}
                >
                  {view.slowest.map((task) => (
                    <tr key={task.id} data-row={task.id}>
                      <th scope="row" class="name">
                        <a class="row-link" href={href(taskPath(task.id))}>
                          <code>{shortId(task.id)}</code>
                        </a>
                      </th>
                      <td class="num">{formatMs(task.runMs)}</td>
                      <td>{task.worker === null ? <None /> : <Foreign text={task.worker} />}</td>
                    </tr>
                  ))}
                </Table>
              )}
            </Section>
          </>
        )}
      </Shown>
    </>
  );
}
