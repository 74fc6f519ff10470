import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { FamilyView } from '../../../src/platform/views/index.js';
import { formatMs } from '../../format/duration.js';
import { seen } from '../../format/foreign.js';
import { t } from '../../i18n/translate.js';
import { phaseWord } from '../../parts/state.js';
import { href, taskPath } from '../../routing/location.js';
import { type PlacedNode, placeTree } from './tree-layout.js';

const WIDTH = 208;
const HEIGHT = 40;
const GAP_X = 56;
const GAP_Y = 12;
const EDGE = 16;

const xOf = (placed: PlacedNode): number => EDGE + placed.depth * (WIDTH + GAP_X);
const yOf = (placed: PlacedNode): number => EDGE + placed.row * (HEIGHT + GAP_Y);

interface View {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
const sees = (view: View, placed: PlacedNode): boolean => {
  const x = xOf(placed);
  const y = yOf(placed);
  return (
    x + WIDTH > view.left - 400 &&
    x < view.left + view.width + 400 &&
    y + HEIGHT > view.top - 400 &&
    y < view.top + view.height + 400
  );
};

/** The family from left to right. Only what the window shows is in the document; its words are in the text tree beside. */
export function FamilyGraph({
  family,
  focus,
}: {
  family: FamilyView;
  focus?: string | undefined;
}): JSX.Element {
  const tree = useMemo(() => placeTree(family.nodes), [family]);
  const room = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<View>({ left: 0, top: 0, width: 1600, height: 900 });
  useEffect(() => {
    const element = room.current;
    if (element === null) return undefined;
    const look = (): void =>
      setView({
        left: element.scrollLeft,
        top: element.scrollTop,
        width: element.clientWidth,
        height: element.clientHeight,
      });
    const focused = tree.nodes.find(({ node }) => node.id === focus);
    if (focused !== undefined) element.scrollTop = Math.max(0, yOf(focused) - element.clientHeight / 2);
    look();
    element.addEventListener('scroll', look, { passive: true });
    const sized = new ResizeObserver(look);
    sized.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      sized.disconnect();
    };
  }, [tree.rows, focus]);
  const width = EDGE * 2 + (tree.depth + 1) * (WIDTH + GAP_X) - GAP_X;
  const height = EDGE * 2 + tree.rows * (HEIGHT + GAP_Y) - GAP_Y;
  const shown = tree.nodes.filter((placed) => sees(view, placed));
  return (
    // A region that scrolls must be reachable by keyboard.
    <div class="graph" ref={room} tabIndex={0} role="region" aria-label={t('family.graph')}>
      <svg width={width} height={height} aria-hidden="true">
        <g>
          {tree.nodes.map((placed) =>
            placed.parent === undefined || !(sees(view, placed) || sees(view, placed.parent)) ? null : (
              <path
                key={placed.node.id}
                class={placed.node.critical && placed.parent.node.critical ? 'edge critical' : 'edge'}
                d={edge(placed.parent, placed)}
              />
            ),
          )}
        </g>
        {shown.map((placed) => (
          <Node key={placed.node.id} placed={placed} focused={placed.node.id === focus} />
        ))}
      </svg>
    </div>
  );
}

function edge(from: PlacedNode, to: PlacedNode): string {
  const x = xOf(from) + WIDTH;
  const y = yOf(from) + HEIGHT / 2;
  const toY = yOf(to) + HEIGHT / 2;
  const middle = x + GAP_X / 2;
  return `M${x} ${y}C${middle} ${y} ${middle} ${toY} ${xOf(to)} ${toY}`;
}

const LETTERS = 25;
const cut = (text: string): string =>
  text.length > LETTERS ? `${text.slice(0, 10)}…${text.slice(-(LETTERS - 11))}` : text;

function Node({ placed, focused }: { placed: PlacedNode; focused: boolean }): JSX.Element {
  const { node } = placed;
  const gathered = node.size > 1;
  const took =
    node.started !== null && node.done !== null
      ? formatMs(Date.parse(node.done) - Date.parse(node.started))
      : '';
  const below = gathered
    ? phasesText(node.phases)
    : [phaseWord(node.phase), took].filter(Boolean).join(' · ');
  const shape = (
    <g
      class={`node phase-${node.phase}${node.critical ? ' critical' : ''}${focused ? ' focused' : ''}`}
      transform={`translate(${xOf(placed)} ${yOf(placed)})`}
    >
      {gathered && <rect class="behind" x="4" y="4" width={WIDTH} height={HEIGHT} rx="6" />}
      <rect class="card" width={WIDTH} height={HEIGHT} rx="6" />
      <rect class="stripe" width="4" height={HEIGHT} rx="2" />
      <text class="node-name" x="14" y="17">
        {gathered ? `${node.size} × ` : ''}
        {cut(seen(node.name))}
      </text>
      <text class="node-state" x="14" y="32">
        {below}
      </text>
      {node.isResult && <circle class="result-mark" cx={WIDTH - 12} cy="12" r="3.5" />}
    </g>
  );
  return gathered ? (
    shape
  ) : (
    <a href={href(taskPath(node.id))} tabindex={-1}>
      {shape}
    </a>
  );
}

export const phasesText = (phases: FamilyView['nodes'][number]['phases']): string =>
  Object.entries(phases)
    .map(([phase, count]) => `${count} ${phaseWord(phase as keyof typeof phases)}`)
    .join(', ');
