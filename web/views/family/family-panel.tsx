import type { JSX } from 'preact';
import type { FamilyView } from '../../../src/platform/views/index.js';
import { useResource } from '../../client/resource.js';
import { formatPercent } from '../../format/duration.js';
import { formatNumber, t } from '../../i18n/translate.js';
import { Foreign } from '../../parts/foreign.js';
import { Icon } from '../../parts/icon.js';
import { Shown } from '../../parts/page.js';
import { StateBadge } from '../../parts/state.js';
import { changeQuery, href, taskPath, usePlace, withQuery } from '../../routing/location.js';
import { FamilyGraph } from './family-graph.js';
import { FamilyList } from './family-list.js';

/** How a family stands: its state by both rules, how far it is, its results, and the tree as graph or as lines. */
export function FamilyPanel({ id, focus }: { id: string; focus?: string }): JSX.Element {
  const family = useResource<FamilyView>(`/tasks/${encodeURIComponent(id)}/family`, ['tasks']);
  const asList = usePlace().query.get('as') === 'list';
  return (
    <Shown of={family} lines={10}>
      {(data) => (
        <>
          <div class="family-head">
            <span class="family-state">
              <StateBadge state={data.state} />
              {data.platformState !== data.state && (
                <span class="soft">
                  {t('family.platform')} <StateBadge state={data.platformState} />
                </span>
              )}
            </span>
            <span class="family-progress">
              <progress max={Math.max(1, data.size)} value={data.ended} aria-label={t('family.progress')} />
              <span class="num">
                {t('family.ended', { done: data.ended, n: data.size })} ·{' '}
                {formatPercent(data.ended / Math.max(1, data.size))}
              </span>
            </span>
            {data.collapsed && (
              <span class="soft">
                <Icon name="filter" /> {t('family.collapsed')}
              </span>
            )}
            <span class="grow" />
            <a class="button quiet" href={href(withQuery('/tasks', { root: data.rootId }))}>
              {t('family.asTasks')}
            </a>
            <div class="segments" role="group" aria-label={t('family.as')}>
              <button
                type="button"
                aria-pressed={!asList}
                onClick={() => changeQuery({ as: undefined }, true)}
              >
                {t('family.as.graph')}
              </button>
              <button type="button" aria-pressed={asList} onClick={() => changeQuery({ as: 'list' }, true)}>
                {t('family.as.list')}
              </button>
            </div>
          </div>
          {data.results.length > 0 && (
            <p class="family-results">
              <span class="soft">{t('family.results', { n: data.results.length })}</span>
              {data.results.slice(0, 20).map((result) => (
                <a key={result.id} href={href(taskPath(result.id))}>
                  <Foreign text={result.name} /> <StateBadge state={result.state} />
                </a>
              ))}
            </p>
          )}
          {asList ? <FamilyList family={data} focus={focus} /> : <FamilyGraph family={data} focus={focus} />}
          <p class="graph-legend soft">
            <i class="legend-critical" /> {t('family.critical.note')} {formatNumber(data.nodes.length)} /{' '}
            {formatNumber(data.size)}
          </p>
        </>
      )}
    </Shown>
  );
}
