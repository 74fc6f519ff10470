import type { ComponentChildren, JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { changeQuery, usePlace } from '../routing/location.js';

export interface Tab {
  readonly key: string;
  readonly label: string;
  readonly count?: number;
  readonly content: () => ComponentChildren;
}

/** Tabs whose choice stands in the address (`tab=`), so that each can be linked to. */
export function Tabs({ tabs, label }: { tabs: readonly [Tab, ...Tab[]]; label: string }): JSX.Element {
  const { query } = usePlace();
  const room = useRef<HTMLDivElement>(null);
  const chosen = tabs.find(({ key }) => key === query.get('tab')) ?? tabs[0];
  const choose = (tab: Tab): void =>
    changeQuery({ tab: tab.key === tabs[0].key ? undefined : tab.key }, true);
  const step = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = tabs[(tabs.indexOf(chosen) + by + tabs.length) % tabs.length];
    if (by === 0 || next === undefined) return;
    event.preventDefault();
    choose(next);
    room.current?.querySelector<HTMLElement>(`#tab-${next.key}`)?.focus();
  };
  return (
    <div class="tabs">
      <div class="tab-list" role="tablist" aria-label={label} ref={room} onKeyDown={step}>
        {tabs.map((tab) => (
          <button
            key={tab.key}
            id={`tab-${tab.key}`}
            type="button"
            role="tab"
            aria-selected={tab === chosen}
            aria-controls="tab-panel"
            tabIndex={tab === chosen ? 0 : -1}
            onClick={() => choose(tab)}
          >
            {tab.label}
            {tab.count !== undefined && <span class="pill">{tab.count}</span>}
          </button>
        ))}
      </div>
      <div
        id="tab-panel"
        class="tab-panel"
        role="tabpanel"
        aria-labelledby={`tab-${chosen.key}`}
        tabIndex={0}
      >
        {chosen.content()}
      </div>
    </div>
  );
}
