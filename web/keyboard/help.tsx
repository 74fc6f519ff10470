import type { JSX } from 'preact';
import { keysOn } from '../client/prefs.js';
import { createStore, useStore } from '../client/store.js';
import { type MessageKey, t } from '../i18n/translate.js';
import { Dialog } from '../parts/dialog.js';

export const helpOpen = createStore(false);

const GROUPS: readonly (readonly [MessageKey, readonly (readonly [string, MessageKey])[]])[] = [
  [
    'keys.go',
    [
      ['g o', 'nav.overview'],
      ['g t', 'nav.tasks'],
      ['g q', 'nav.queues'],
      ['g w', 'nav.workers'],
      ['g s', 'nav.schedules'],
      ['g d', 'nav.quarantine'],
    ],
  ],
  [
    'keys.list',
    [
      ['/', 'keys.search'],
      ['j', 'keys.down'],
      ['k', 'keys.up'],
      ['Enter', 'keys.open'],
      ['x', 'keys.select'],
      ['Shift x', 'keys.range'],
      ['[', 'keys.previous'],
      [']', 'keys.next'],
    ],
  ],
  [
    'keys.act',
    [
      ['r', 'action.task.retry'],
      ['v', 'action.task.revoke'],
      ['.', 'keys.pause'],
      ['?', 'keys.help'],
      ['Esc', 'close'],
    ],
  ],
];

export function KeyboardHelp(): JSX.Element | null {
  const open = useStore(helpOpen);
  const on = useStore(keysOn);
  if (!open) return null;
  return (
    <Dialog title={t('keys.title')} wide onClose={() => helpOpen.set(false)}>
      <div class="key-groups">
        {GROUPS.map(([title, keys]) => (
          <section key={title}>
            <h3>{t(title)}</h3>
            <dl>
              {keys.map(([combination, what]) => (
                <div key={combination}>
                  <dt>
                    {combination.split(' ').map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{t(what)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label class="switch">
        <input type="checkbox" checked={on} onChange={(event) => keysOn.set(event.currentTarget.checked)} />
        <span>{t('keys.on')}</span>
      </label>
    </Dialog>
  );
}
