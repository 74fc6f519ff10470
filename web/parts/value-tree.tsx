import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { typedValue } from '../format/python.js';
import { formatNumber, t } from '../i18n/translate.js';
import { Foreign } from './foreign.js';
import { Icon } from './icon.js';

/** What is drawn at once of a list and of a text: the rest on demand, so that a huge value stays a small document. */
const ITEMS = 50;
const CHARACTERS = 4000;
/** What stands open at first: the outer levels, and small things some way in. */
const OPEN_DEPTH = 2;
const SMALL = 12;
const SMALL_DEPTH = 5;

type Entry = readonly [string | number, unknown];

function LongText({ text }: { text: string }): JSX.Element {
  const [all, setAll] = useState(false);
  if (text.length <= CHARACTERS || all) return <Foreign text={text} />;
  return (
    <>
      <Foreign text={text.slice(0, CHARACTERS)} />
      <button type="button" class="inline" onClick={() => setAll(true)}>
        {t('value.moreCharacters', { count: formatNumber(text.length - CHARACTERS) })}
      </button>
    </>
  );
}

function Leaf({ value }: { value: unknown }): JSX.Element {
  if (typeof value === 'string') {
    return (
      <span class="v-text">
        “<LongText text={value} />”
      </span>
    );
  }
  const kind = value === null ? 'v-null' : `v-${typeof value}`;
  return <span class={kind}>{String(value)}</span>;
}

function Branch(props: {
  readonly entries: readonly Entry[];
  readonly kind: string;
  readonly depth: number;
}): JSX.Element {
  const { entries, kind, depth } = props;
  const [open, setOpen] = useState(depth < OPEN_DEPTH || (depth < SMALL_DEPTH && entries.length <= SMALL));
  const [shown, setShown] = useState(ITEMS);
  if (entries.length === 0) return <span class="v-kind">{kind} · 0</span>;
  return (
    <>
      <button type="button" class="v-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name={open ? 'down' : 'right'} />
        <span class="v-kind">
          {kind} · {formatNumber(entries.length)}
        </span>
      </button>
      {open && (
        <ul class="v-list">
          {entries.slice(0, shown).map(([key, value]) => (
            <li key={key}>
              <span class="v-key">{typeof key === 'number' ? key : <Foreign text={key} />}</span>
              <ValueTree value={value} depth={depth + 1} />
            </li>
          ))}
          {entries.length > shown && (
            <li>
              <button type="button" class="inline" onClick={() => setShown(shown + ITEMS * 4)}>
                {t('value.moreItems', { count: formatNumber(entries.length - shown) })}
              </button>
            </li>
          )}
        </ul>
      )}
    </>
  );
}

/** A decoded value as a tree that says its types. */
export function ValueTree({ value, depth = 0 }: { value: unknown; depth?: number }): JSX.Element {
  if (Array.isArray(value))
    return (
      <Branch entries={value.map((item, index) => [index, item])} kind={t('value.list')} depth={depth} />
    );
  if (typeof value !== 'object' || value === null) return <Leaf value={value} />;
  const typed = typedValue(value as Readonly<Record<string, unknown>>);
  if (typed === undefined)
    return <Branch entries={Object.entries(value)} kind={t('value.map')} depth={depth} />;
  return (
    <span class="v-typed">
      <span class="v-kind">
        <Foreign text={typed.type} />
      </span>{' '}
      <ValueTree value={typed.value} depth={depth + 1} />
    </span>
  );
}
