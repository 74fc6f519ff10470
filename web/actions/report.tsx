import type { JSX } from 'preact';
import type { ActionItem, ActionReport } from '../../src/platform/views/index.js';
import { t } from '../i18n/translate.js';
import { Foreign } from '../parts/foreign.js';
import { Icon, type IconName } from '../parts/icon.js';
import { href, taskPath } from '../routing/location.js';

const ICONS: Readonly<Record<ActionItem['outcome'], IconName>> = {
  done: 'check',
  refused: 'ban',
  failed: 'cross',
  skipped: 'right',
};

/** What became of each item. */
export function ItemList({ items }: { items: readonly ActionItem[] }): JSX.Element {
  return (
    <ul class="report">
      {items.map((item) => (
        <li key={item.id} class={`outcome-${item.outcome}`}>
          <span class="report-outcome">
            <Icon name={ICONS[item.outcome]} />
            {t(`outcome.${item.outcome}`)}
          </span>
          <code>
            <Foreign text={item.id} />
          </code>
          <span class="soft">
            <Foreign text={item.message} />
          </span>
          {item.newId !== undefined && <a href={href(taskPath(item.newId))}>{t('outcome.new')}</a>}
        </li>
      ))}
    </ul>
  );
}

export function ReportView({ report }: { report: ActionReport }): JSX.Element {
  const done = report.items.filter(({ outcome }) => outcome === 'done').length;
  return (
    <>
      <p>{t('report.summary', { done, n: report.items.length })}</p>
      <ItemList items={report.items} />
    </>
  );
}
