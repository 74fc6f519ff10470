import type { JSX } from 'preact';
import type { SystemView } from '../../src/platform/views/index.js';
import { useResource } from '../client/resource.js';
import { t } from '../i18n/translate.js';
import { Foreign } from '../parts/foreign.js';
import { Moment } from '../parts/moment.js';
import { PageHead, Section, Shown } from '../parts/page.js';
import { Badge } from '../parts/state.js';
import { ValueTree } from '../parts/value-tree.js';

const TONES = { ok: ['ok', 'check'], warning: ['warn', 'warning'], problem: ['bad', 'cross'] } as const;

export function System(): JSX.Element {
  const system = useResource<SystemView>('/system', ['overview']);
  return (
    <>
      <PageHead title={t('nav.system')} />
      <Shown of={system}>
        {(view) => (
          <>
            <p class="status-line">
              <b>
                <Foreign text={view.app} />
              </b>
              <span class="soft">Worker Toolbox {view.version}</span>
              <span class="soft">
                {t('system.started')} <Moment at={view.started} as="both" />
              </span>
            </p>
            <div class="halves">
              <Section title={t('system.servers')}>
                <ul class="lines">
                  {view.servers.map((server) => (
                    <li key={server.role}>
                      <span class="line-label">{t(`system.${server.role}`)}</span>
                      <span class="grow">
                        <code>
                          <Foreign text={server.url} />
                        </code>
                        {server.version !== null && <small class="soft"> {server.version}</small>}
                        {server.problem !== null && (
                          <span class="sub bad">
                            <Foreign text={server.problem} />
                          </span>
                        )}
                      </span>
                      <Badge
                        tone={server.problem === null ? 'ok' : 'bad'}
                        icon={server.problem === null ? 'check' : 'cross'}
                      >
                        {t(server.problem === null ? 'system.answers' : 'system.silent')}
                      </Badge>
                    </li>
                  ))}
                  <li>
                    <span class="line-label">{t('system.schema')}</span>
                    <span class="grow">
                      <code>{view.schema.applied ?? '–'}</code>
                      {view.schema.missing.length > 0 && (
                        <span class="sub bad">{view.schema.missing.join(', ')}</span>
                      )}
                    </span>
                    <Badge
                      tone={view.schema.missing.length === 0 ? 'ok' : 'bad'}
                      icon={view.schema.missing.length === 0 ? 'check' : 'warning'}
                    >
                      {t(view.schema.missing.length === 0 ? 'system.current' : 'system.behind')}
                    </Badge>
                  </li>
                </ul>
              </Section>
              <Section title={t('system.checks')}>
                {view.checks.length === 0 ? (
                  <p class="soft">{t('system.noChecks')}</p>
                ) : (
                  <ul class="lines">
                    {view.checks.map((check) => (
                      <li key={check.name}>
                        <span class="grow">
                          <b>
                            <Foreign text={check.name} />
                          </b>
                          <span class="sub">
                            <Foreign text={check.message} />
                          </span>
                        </span>
                        <Badge tone={TONES[check.outcome][0]} icon={TONES[check.outcome][1]}>
                          {t(`check.${check.outcome}`)}
                        </Badge>
                      </li>
                    ))}
                  </ul>
                )}
              </Section>
            </div>
            <div class="halves">
              <Section title={t('system.settings')}>
                <div class="v-root">
                  <ValueTree value={view.settings} />
                </div>
              </Section>
              <Section title={t('system.versions')}>
                <ul class="lines">
                  {Object.entries(view.versions).map(([name, version]) => (
                    <li key={name}>
                      <span class="grow">{name}</span>
                      <code>{version}</code>
                    </li>
                  ))}
                </ul>
              </Section>
            </div>
          </>
        )}
      </Shown>
    </>
  );
}
