import type { JSX } from 'preact';
import type { Series } from '../../src/platform/views/index.js';
import { formatMoment } from '../format/time.js';
import { t } from '../i18n/translate.js';

interface Props {
  readonly title: string;
  readonly series: Series;
  readonly format: (value: number) => string;
  readonly nameOf: (line: string) => string;
}

/** At most this many rows, the newest first. */
const ROWS = 60;

export function PlotTable({ title, series, format, nameOf }: Props): JSX.Element {
  const rows = series.at
    .map((at, index) => ({ at, index }))
    .reverse()
    .slice(0, ROWS);
  const now = new Date();
  return (
    // A region that scrolls must be reachable by keyboard.
    <div class="plot-table" tabIndex={0} role="region" aria-label={title}>
      <table>
        <caption class="hidden">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{t('plot.time')}</th>
            {series.lines.map((line) => (
              <th key={line.name} scope="col" class="num">
                {nameOf(line.name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, index }) => (
            <tr key={at}>
              <th scope="row">{formatMoment(new Date(at), now)}</th>
              {series.lines.map((line) => {
                const found = line.values[index];
                return (
                  <td key={line.name} class="num">
                    {found === null || found === undefined ? '–' : format(found)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
