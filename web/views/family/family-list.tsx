import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { FamilyView } from '../../../src/platform/views/index.js';
import { formatMs } from '../../format/duration.js';
import { formatNumber, t } from '../../i18n/translate.js';
import { Foreign } from '../../parts/foreign.js';
import { PhaseBadge } from '../../parts/state.js';
import { href, taskPath } from '../../routing/location.js';
import { phasesText } from './family-graph.js';
import { placeTree } from './tree-layout.js';

const SHOWN = 250;
const DEEPEST = 12;

/** The family as indented lines: what the graph shows, for those who hear or print it. */
export function FamilyList({
  family,
  focus,
}: {
  family: FamilyView;
  focus?: string | undefined;
}): JSX.Element {
  const tree = useMemo(() => placeTree(family.nodes), [family]);
  const [limit, setLimit] = useState(SHOWN);
  return (
    <>
      <ul class="family-list" aria-label={t('family.list')}>
        {tree.nodes.slice(0, limit).map(({ node, depth }) => (
          <li
            key={node.id}
            class={`depth-${Math.min(depth, DEEPEST)}${node.critical ? ' critical' : ''}${node.id === focus ? ' focused' : ''}`}
            data-row={node.id}
          >
            <span class="hidden">{t('family.level', { level: depth + 1 })}</span>
            <PhaseBadge phase={node.phase} state={node.state} />
            {node.size > 1 ? (
              <span>
                {formatNumber(node.size)} × <Foreign text={node.name} />{' '}
                <span class="soft">{phasesText(node.phases)}</span>
              </span>
            ) : (
              <a href={href(taskPath(node.id))}>
                <Foreign text={node.name} />
              </a>
            )}
            {node.critical && <span class="badge flag">{t('family.critical')}</span>}
            {node.isResult && <span class="badge flag">{t('family.result')}</span>}
            <span class="grow" />
            {node.started !== null && node.done !== null && (
              <span class="soft num">{formatMs(Date.parse(node.done) - Date.parse(node.started))}</span>
            )}
          </li>
        ))}
      </ul>
      {tree.nodes.length > limit && (
        <button type="button" class="button" onClick={() => setLimit(limit + SHOWN * 2)}>
          {t('value.moreItems', { count: formatNumber(tree.nodes.length - limit) })}
        </button>
      )}
    </>
  );
}
