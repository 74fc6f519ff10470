import type { JSX } from 'preact';
import { t } from '../../i18n/translate.js';
import { CopyMark } from '../../parts/buttons.js';
import { Icon } from '../../parts/icon.js';
import { Empty } from '../../parts/page.js';
import { changeQuery, href } from '../../routing/location.js';
import { filterLabel, filterQuery } from './filter.js';

const FIRST_TASK = "npx workertoolbox -A app.ts call math.add --args '[2, 3]' --wait";

/** Nothing recorded yet: how to send a first task. Nothing found: which condition to drop. */
export function NoTasks({ query }: { query: URLSearchParams }): JSX.Element {
  const held = [...filterQuery(query).keys()] as Parameters<typeof filterLabel>[0][];
  if (held.length === 0) {
    return (
      <Empty icon="tasks" title={t('empty.tasks')}>
        <p class="soft">{t('empty.tasks.how')}</p>
        <p class="command">
          <code>{FIRST_TASK}</code>
          <CopyMark text={FIRST_TASK} />
        </p>
      </Empty>
    );
  }
  return (
    <Empty icon="search" title={t('empty.match')}>
      <p class="soft">{t('empty.match.drop')}</p>
      <p class="chips centred">
        {held.map((key) => (
          <button
            key={key}
            type="button"
            class="chip holds"
            onClick={() => changeQuery({ [key]: undefined, cursor: undefined })}
          >
            {t(filterLabel(key))} <b>{query.get(key)}</b>
            <Icon name="cross" />
          </button>
        ))}
        <a class="button" href={href('/tasks')}>
          {t('filter.clear')}
        </a>
      </p>
    </Empty>
  );
}
