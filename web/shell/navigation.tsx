import type { JSX } from 'preact';
import { type MessageKey, t } from '../i18n/translate.js';
import { Icon, type IconName } from '../parts/icon.js';
import { href } from '../routing/location.js';

interface Item {
  readonly to: string;
  readonly label: MessageKey;
  readonly icon: IconName;
  /** Beginnings of the paths that belong to it. */
  readonly covers: readonly string[];
}

const GROUPS: readonly (readonly Item[])[] = [
  [
    { to: '/', label: 'nav.overview', icon: 'overview', covers: [] },
    { to: '/tasks', label: 'nav.tasks', icon: 'tasks', covers: ['/task/', '/tree/'] },
    { to: '/types', label: 'nav.types', icon: 'types', covers: ['/type/'] },
  ],
  [
    { to: '/queues', label: 'nav.queues', icon: 'queues', covers: ['/queue/'] },
    { to: '/workers', label: 'nav.workers', icon: 'workers', covers: ['/worker/'] },
    { to: '/schedules', label: 'nav.schedules', icon: 'schedules', covers: [] },
    { to: '/quarantine', label: 'nav.quarantine', icon: 'quarantine', covers: ['/quarantine/'] },
  ],
  [
    { to: '/audit', label: 'nav.audit', icon: 'audit', covers: [] },
    { to: '/system', label: 'nav.system', icon: 'system', covers: [] },
  ],
];

export function Navigation({ path }: { path: string }): JSX.Element {
  return (
    <nav aria-label={t('nav.label')}>
      {GROUPS.map((items) => (
        <ul key={items[0]?.to}>
          {items.map(({ to, label, icon, covers }) => {
            const here = path === to || covers.some((beginning) => path.startsWith(beginning));
            return (
              <li key={to}>
                <a href={href(to)} title={t(label)} {...(here ? { 'aria-current': 'page' as const } : {})}>
                  <Icon name={icon} />
                  <span>{t(label)}</span>
                </a>
              </li>
            );
          })}
        </ul>
      ))}
    </nav>
  );
}
