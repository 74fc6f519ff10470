import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/translate.js';
import { Icon } from '../parts/icon.js';
import { href, usePlace } from '../routing/location.js';
import { Brand } from './brand.js';
import { LiveSign } from './live-sign.js';
import { Navigation } from './navigation.js';
import { PersonMenu } from './person-menu.js';
import { StaleBanner } from './stale-banner.js';

/** The frame round every view: where one can go, whether what is seen is fresh, and who looks. */
export function Shell({ children }: { children: ComponentChildren }): JSX.Element {
  const { path } = usePlace();
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(false), [path]);
  return (
    <div class={open ? 'shell nav-open' : 'shell'}>
      <a class="skip" href="#main">
        {t('skip')}
      </a>
      <header class="rail">
        <div class="rail-top">
          <a class="brand" href={href('/')} title={t('nav.home')}>
            <Brand />
            <span class="brand-words">
              <b>Worker Toolbox</b>
              <small>Cadasta</small>
            </span>
          </a>
          <button
            type="button"
            class="nav-button"
            aria-expanded={open}
            aria-controls="navigation"
            onClick={() => setOpen(!open)}
          >
            <Icon name={open ? 'cross' : 'menu'} />
            {t('nav.menu')}
          </button>
        </div>
        <div class="rail-body" id="navigation">
          <Navigation path={path} />
          <div class="rail-foot">
            <LiveSign />
            <PersonMenu />
          </div>
        </div>
      </header>
      <div class="content">
        <StaleBanner />
        {children}
      </div>
    </div>
  );
}
