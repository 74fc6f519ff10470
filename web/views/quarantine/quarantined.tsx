import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { QuarantineDetail } from '../../../src/platform/views/index.js';
import { ActionButton } from '../../actions/action-button.js';
import { useResource } from '../../client/resource.js';
import { formatBytes } from '../../format/duration.js';
import { seen } from '../../format/foreign.js';
import { t } from '../../i18n/translate.js';
import { Figures } from '../../parts/figures.js';
import { Foreign } from '../../parts/foreign.js';
import { Icon } from '../../parts/icon.js';
import { Moment } from '../../parts/moment.js';
import { PageHead, Section, Shown } from '../../parts/page.js';
import { HexView } from '../../parts/shown-value.js';
import { ValueTree } from '../../parts/value-tree.js';
import { href, navigate, taskPath } from '../../routing/location.js';
import { askDiscard, askReplayWithEdits, ReplayButton } from './quarantine-actions.js';

/** A message nobody could process, as it came. */
export function Quarantined({ id }: { id: string }): JSX.Element {
  const item = useResource<QuarantineDetail>(`/quarantine/${encodeURIComponent(id)}`, ['quarantine']);
  const { data } = item;
  const away = (): void => navigate('/quarantine');
  return (
    <>
      <PageHead
        title={data === undefined ? t('quarantine.message') : seen(data.taskName ?? t('message.noName'))}
        back={{ to: '/quarantine', label: t('nav.quarantine') }}
      >
        {data !== undefined && (
          <>
            <ReplayButton id={data.id} refresh={item.refresh} />
            <ActionButton
              action="quarantine.replay"
              icon="edit"
              label={t('quarantine.edit.short')}
              barred={data.truncated ? t('barred.truncated') : undefined}
              onClick={() => askReplayWithEdits(data, item.refresh)}
            />
            <ActionButton
              action="quarantine.discard"
              icon="trash"
              danger
              onClick={() => askDiscard([data.id], away)}
            />
          </>
        )}
      </PageHead>
      <Shown of={item}>
        {(view) => (
          <>
            <p class="callout bad">
              <Icon name="warning" />
              <span>
                <b>
                  <Foreign text={view.code} />
                </b>{' '}
                <Foreign text={view.reason} />
              </span>
            </p>
            <Figures
              figures={[
                { label: t('column.queue'), value: seen(view.queue) },
                { label: t('quarantine.times'), value: String(view.count) },
                { label: t('quarantine.size'), value: formatBytes(view.bytes) },
                {
                  label: t('quarantine.type'),
                  value: seen([view.contentType, view.contentEncoding].filter(Boolean).join(', ')) || '–',
                },
              ]}
            />
            <p class="status-line">
              <span class="soft">
                {t('quarantine.first')} <Moment at={view.firstSeen} as="both" />
              </span>
              <span class="soft">
                {t('quarantine.last')} <Moment at={view.lastSeen} as="both" />
              </span>
              {view.taskId !== null && <a href={href(taskPath(view.taskId))}>{t('task')}</a>}
            </p>
            <Body item={view} />
            <div class="halves">
              <Section title={t('quarantine.headers')}>
                <div class="v-root">
                  <ValueTree value={view.headers} />
                </div>
              </Section>
              <Section title={t('quarantine.properties')}>
                <div class="v-root">
                  <ValueTree value={view.properties} />
                </div>
              </Section>
            </div>
          </>
        )}
      </Shown>
    </>
  );
}

function Body({ item }: { item: QuarantineDetail }): JSX.Element {
  const { text, hex } = item.body;
  const [asHex, setAsHex] = useState(text === null);
  return (
    <Section
      title={t('quarantine.body')}
      tools={
        <div class="segments" role="group" aria-label={t('quarantine.body')}>
          <button
            type="button"
            aria-pressed={!asHex}
            disabled={text === null}
            onClick={() => setAsHex(false)}
          >
            {t('quarantine.text')}
          </button>
          <button type="button" aria-pressed={asHex} onClick={() => setAsHex(true)}>
            Hex
          </button>
        </div>
      }
    >
      {asHex || text === null ? (
        <HexView hex={hex} />
      ) : (
        <pre class="code">
          <Foreign text={text} />
        </pre>
      )}
      {item.truncated && <p class="soft">{t('barred.truncated')}</p>}
    </Section>
  );
}
