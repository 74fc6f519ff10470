import type { JSX } from 'preact';
import type { OverviewView, Series, TaskCounts, WindowName } from '../../../src/platform/views/index.js';
import { useResource } from '../../client/resource.js';
import { formatRate, formatSeconds } from '../../format/duration.js';
import { formatNumber, t } from '../../i18n/translate.js';
import { Moment } from '../../parts/moment.js';
import { PageHead, Shown } from '../../parts/page.js';
import { Plot } from '../../parts/plot.js';
import { stateWord } from '../../parts/state.js';
import { changeQuery, usePlace } from '../../routing/location.js';
import { AttentionList } from './attention.js';
import { FailureList } from './failures.js';
import { Flow } from './flow.js';
import { Tiles } from './tiles.js';

export const WINDOW_NAMES: readonly WindowName[] = ['15m', '1h', '6h', '24h', '7d'];

export function WindowChoice({ chosen }: { chosen: string }): JSX.Element {
  return (
    <div class="segments" role="group" aria-label={t('window')}>
      {WINDOW_NAMES.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === chosen}
          onClick={() => changeQuery({ window: name })}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

/** Without the period that is not over: half a minute's tasks are no fall of the rate. */
function ended(series: Series, at: string): Series {
  const over = series.at.filter(
    (start) => Date.parse(start) + series.stepSeconds * 1000 <= Date.parse(at),
  ).length;
  return {
    ...series,
    at: series.at.slice(0, over),
    lines: series.lines.map((line) => ({ ...line, values: line.values.slice(0, over) })),
  };
}

export function Overview(): JSX.Element {
  const { query } = usePlace();
  const window = query.get('window') ?? '1h';
  const overview = useResource<OverviewView>(`/overview?window=${encodeURIComponent(window)}`, [
    'overview',
    'tasks',
  ]);
  const counts = useResource<TaskCounts>('/tasks/counts', ['tasks']);
  return (
    <>
      <PageHead
        title={t('nav.overview')}
        note={
          overview.data && (
            <>
              {t('overview.at')} <Moment at={overview.data.at} />
            </>
          )
        }
      >
        <WindowChoice chosen={window} />
      </PageHead>
      <Shown of={overview} lines={12}>
        {(data) => (
          <>
            <Tiles data={data} />
            {counts.data !== undefined && <Flow counts={counts.data} />}
            <div class="plots">
              <Plot
                title={t('overview.throughput')}
                series={ended(data.throughput, data.at)}
                format={(value) => `${formatRate(value)}/s`}
                group="overview"
                nameOf={stateWord}
              />
              <Plot
                title={t('overview.depth')}
                series={data.depth}
                format={(value) =>
                  formatNumber(value, { notation: value >= 10_000 ? 'compact' : 'standard' })
                }
                group="overview"
              />
              <Plot
                title={t('overview.waiting')}
                series={data.waiting}
                format={formatSeconds}
                group="overview"
              />
              <Plot
                title={t('overview.running')}
                series={data.running}
                format={formatSeconds}
                group="overview"
              />
            </div>
            <div class="halves">
              <AttentionList items={data.attention} />
              <FailureList failures={data.failures} />
            </div>
          </>
        )}
      </Shown>
    </>
  );
}
