import type { ComponentChildren, JSX } from 'preact';
import type { OverviewView } from '../../../src/platform/views/index.js';
import { formatRate, formatSeconds } from '../../format/duration.js';
import { formatNumber, t } from '../../i18n/translate.js';
import { Icon } from '../../parts/icon.js';
import { Spark } from '../../parts/spark.js';
import { href } from '../../routing/location.js';

interface TileProps {
  readonly label: string;
  /** Numbers and units in turn: `1`, `min`, `14`, `s`. */
  readonly value: readonly string[];
  readonly to: string;
  readonly tone?: 'bad' | 'warn' | 'plain';
  readonly children?: ComponentChildren;
}
function Tile({ label, value, to, tone = 'plain', children }: TileProps): JSX.Element {
  return (
    <a class={`tile ${tone}`} href={href(to)}>
      <span class="tile-label">
        {label}
        {tone !== 'plain' && <Icon name="warning" />}
      </span>
      <span class="tile-value">
        {value.map((part, index) => (index % 2 === 0 ? part : <small key={part}>{part}</small>))}
      </span>
      <span class="tile-foot">{children}</span>
    </a>
  );
}

const sumAt = (lines: OverviewView['throughput']['lines'], at: number): number =>
  lines.reduce((sum, line) => sum + (line.values[at] ?? 0), 0);

/** The four numbers that say whether all is well. */
export function Tiles({ data }: { data: OverviewView }): JSX.Element {
  const { throughput, failures15m, oldestQueuedSeconds, workersUp, workersKnown } = data.tiles;
  const { lines, at } = data.throughput;
  const oldest = oldestQueuedSeconds === null ? ['–'] : formatSeconds(oldestQueuedSeconds).split(' ');
  const missing = workersKnown - workersUp;
  const from = new Date(Date.parse(data.at) - 900_000).toISOString();
  return (
    <div class="tiles">
      <Tile
        label={t('tile.throughput')}
        value={[formatRate(throughput), t('unit.perSecond')]}
        to="/tasks?sort=done"
      >
        <Spark values={at.map((_, index) => sumAt(lines, index))} />
      </Tile>
      <Tile
        label={t('tile.failures')}
        value={[formatNumber(failures15m)]}
        to={`/tasks?state=failed&from=${encodeURIComponent(from)}`}
        tone={failures15m > 0 ? 'bad' : 'plain'}
      >
        {t(failures15m > 0 ? 'tile.failures.note' : 'tile.failures.none')}
      </Tile>
      <Tile
        label={t('tile.oldest')}
        value={oldest}
        to="/queues"
        tone={(oldestQueuedSeconds ?? 0) > 300 ? 'warn' : 'plain'}
      >
        {t((oldestQueuedSeconds ?? 0) === 0 ? 'tile.oldest.none' : 'tile.oldest.note')}
      </Tile>
      <Tile
        label={t('tile.workers')}
        value={[formatNumber(workersUp), t('tile.of', { n: workersKnown })]}
        to="/workers"
        tone={workersKnown === 0 || missing > 0 ? 'warn' : 'plain'}
      >
        {workersKnown === 0
          ? t('tile.workers.none')
          : missing > 0
            ? t('tile.workers.missing', { n: missing })
            : t('tile.workers.all')}
      </Tile>
    </div>
  );
}
