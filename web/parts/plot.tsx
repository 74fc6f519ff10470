import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { Series } from '../../src/platform/views/index.js';
import { formatMoment } from '../format/time.js';
import { t, useLanguage } from '../i18n/translate.js';
import { Icon } from './icon.js';
import { lineColour } from './plot-colours.js';
import { PlotTable } from './plot-table.js';

interface PlotProps {
  readonly title: string;
  readonly series: Series;
  readonly format: (value: number) => string;
  readonly height?: number;
  /** Plots of one group share their cross hair. */
  readonly group?: string;
  /** What a line is called on the page, where its name is a word of ours. */
  readonly nameOf?: (line: string) => string;
}

const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function draw(room: HTMLElement, props: PlotProps, onPoint: (index: number | null) => void): uPlot {
  const { series, format, height = 168, group } = props;
  const axis = {
    stroke: token('--soft'),
    font: `11px ${token('--sans')}`,
    grid: { stroke: token('--line'), width: 1 },
    ticks: { show: false },
  };
  const bounds = series.at.map((at) => Date.parse(at) / 1000);
  const options: uPlot.Options = {
    width: Math.max(160, room.clientWidth),
    height,
    legend: { show: false },
    padding: [8, 4, 0, 0],
    cursor: {
      drag: { x: false, y: false },
      points: { size: 7 },
      y: false,
      ...(group === undefined ? {} : { sync: { key: group } }),
    },
    scales: {
      y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.15 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 76,
        ...(spanDays(bounds) > 2 ? { incrs: [86_400, 172_800, 604_800] } : {}),
        size: 26,
        values: (_plot, ticks) => ticks.map((tick) => tickText(tick, bounds)),
      },
      {
        ...axis,
        space: 34,
        size: (plot, values) => {
          const widest = Math.max(0, ...(values ?? []).map((value) => value.length));
          return plot === undefined ? 40 : 14 + widest * 6.2;
        },
        values: (_plot, ticks) => ticks.map((tick) => (tick === 0 ? '0' : format(tick))),
      },
    ],
    series: [
      {},
      ...series.lines.map((line, index) => {
        const stroke = token(lineColour(line.name, index));
        return {
          label: line.name,
          stroke,
          width: 1.6,
          points: { show: false },
          spanGaps: false,
          ...(index === 0 ? { fill: `color-mix(in srgb, ${stroke} 12%, transparent)` } : {}),
        };
      }),
    ],
    hooks: { setCursor: [(plot) => onPoint(plot.cursor.idx ?? null)] },
  };
  return new uPlot(options, [bounds, ...series.lines.map((line) => line.values)], room);
}

const spanDays = (bounds: readonly number[]): number => ((bounds.at(-1) ?? 0) - (bounds[0] ?? 0)) / 86_400;

function tickText(seconds: number, bounds: readonly number[]): string {
  const at = new Date(seconds * 1000);
  const options: Intl.DateTimeFormatOptions =
    spanDays(bounds) > 2
      ? { day: 'numeric', month: 'short' }
      : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  return new Intl.DateTimeFormat(document.documentElement.lang, options).format(at);
}

/** Lines over time, with the values under the pointer in words and the same numbers as a table behind a switch. */
export function Plot(props: PlotProps): JSX.Element {
  const { title, series, format, nameOf = (name) => name } = props;
  const lang = useLanguage();
  const room = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const [point, setPoint] = useState<number | null>(null);
  const [asTable, setAsTable] = useState(false);
  const latest = useRef(props);
  latest.current = props;
  const shape = `${series.lines.map((line) => line.name).join('\n')} ${lang}`;
  const empty = useMemo(
    () => series.lines.every((line) => line.values.every((value) => value === null)),
    [series],
  );

  useEffect(() => {
    const element = room.current;
    if (element === null || asTable || empty) return undefined;
    const renew = (): void => {
      plot.current?.destroy();
      plot.current = draw(element, latest.current, setPoint);
    };
    renew();
    const sized = new ResizeObserver(() => {
      const { height = 168 } = latest.current;
      plot.current?.setSize({ width: Math.max(160, element.clientWidth), height });
    });
    sized.observe(element);
    addEventListener('themechange', renew);
    return () => {
      removeEventListener('themechange', renew);
      sized.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [shape, asTable, empty]);

  useEffect(() => {
    plot.current?.setData([
      series.at.map((at) => Date.parse(at) / 1000),
      ...series.lines.map((line) => [...line.values]),
    ]);
  }, [series]);

  const index = point ?? series.at.length - 1;
  const at = series.at[index];
  return (
    <figure class="plot">
      <figcaption>
        <h3>{title}</h3>
        {at !== undefined && (
          <span class="plot-at">
            {point === null ? t('plot.now') : formatMoment(new Date(at), new Date())}
          </span>
        )}
        <button
          type="button"
          class="mark-button"
          aria-pressed={asTable}
          aria-label={`${t('plot.table')}: ${title}`}
          title={t('plot.table')}
          onClick={() => setAsTable(!asTable)}
        >
          <Icon name={asTable ? 'plot' : 'table'} />
        </button>
      </figcaption>
      <ul class="legend">
        {series.lines.map((line, number) => (
          <li key={line.name}>
            <i class="swatch" style={{ background: `var(${lineColour(line.name, number)})` }} />
            {nameOf(line.name)} <b>{value(line.values[index], format)}</b>
          </li>
        ))}
      </ul>
      {empty ? (
        <p class="plot-empty">{t('plot.empty')}</p>
      ) : asTable ? (
        <PlotTable title={title} series={series} format={format} nameOf={nameOf} />
      ) : (
        <div
          class="plot-room"
          ref={room}
          style={{ height: `${props.height ?? 168}px` }}
          role="img"
          aria-label={t('plot.of', { title })}
        />
      )}
    </figure>
  );
}

const value = (found: number | null | undefined, format: (value: number) => string): string =>
  found === null || found === undefined ? '–' : format(found);
