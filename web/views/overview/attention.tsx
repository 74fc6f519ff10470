import type { JSX } from 'preact';
import type { Attention } from '../../../src/platform/views/index.js';
import { formatNumber, t } from '../../i18n/translate.js';
import { Foreign } from '../../parts/foreign.js';
import { Icon } from '../../parts/icon.js';
import { Empty, Section } from '../../parts/page.js';
import { href } from '../../routing/location.js';

export function AttentionList({ items }: { items: readonly Attention[] }): JSX.Element {
  return (
    <Section title={t('overview.attention')}>
      {items.length === 0 ? (
        <Empty icon="check" title={t('overview.attention.none')} />
      ) : (
        <ul class="rows">
          {items.map((item) => (
            <li key={item.kind + item.link} data-row={item.kind}>
              <a class={`row-link attention ${item.severity}`} href={href(item.link)}>
                <span class="attention-sign">
                  <Icon name={item.severity === 'problem' ? 'quarantine' : 'warning'} />
                  <span class="hidden">{t(`severity.${item.severity}`)}</span>
                </span>
                <span class="grow">
                  <b>{t(`attention.${item.kind}`)}</b>
                  <span class="soft clamp">
                    <Foreign text={item.message} />
                  </span>
                </span>
                <span class="count">{formatNumber(item.count)}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
