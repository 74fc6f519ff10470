import type { JSX } from 'preact';
import type { AuditPage } from '../../src/platform/views/index.js';
import { ROLE_OF } from '../actions/roles.js';
import { useResource } from '../client/resource.js';
import { formatNumber, t } from '../i18n/translate.js';
import { Foreign } from '../parts/foreign.js';
import { fieldText } from '../parts/form.js';
import { Icon } from '../parts/icon.js';
import { Moment } from '../parts/moment.js';
import { Empty, PageHead, Shown } from '../parts/page.js';
import { Table } from '../parts/table.js';
import { ValueTree } from '../parts/value-tree.js';
import { changeQuery, usePlace, withQuery } from '../routing/location.js';
import { Pager } from './tasks/pager.js';

const isAction = (action: string): action is keyof typeof ROLE_OF => action in ROLE_OF;
const actionWord = (action: string): string => (isAction(action) ? t(`action.${action}`) : action);

export function Audit(): JSX.Element {
  const { query } = usePlace();
  const part = (key: string): string | undefined => query.get(key) ?? undefined;
  const page = useResource<AuditPage>(
    withQuery('/audit', { user: part('user'), action: part('action'), cursor: part('cursor') }),
    ['bulk', 'quarantine'],
  );
  return (
    <>
      <PageHead title={t('nav.audit')} note={t('audit.note')} />
      <form
        class="filter-bar"
        onSubmit={(event) => {
          event.preventDefault();
          changeQuery({
            user: fieldText(event.currentTarget, 'user'),
            cursor: undefined,
          });
        }}
      >
        <label class="search small">
          <Icon name="user" />
          <span class="hidden">{t('audit.user')}</span>
          <input
            name="user"
            defaultValue={part('user') ?? ''}
            placeholder={t('audit.user')}
            autocomplete="off"
          />
        </label>
        <select
          aria-label={t('audit.action')}
          value={part('action') ?? ''}
          onChange={(event) => changeQuery({ action: event.currentTarget.value, cursor: undefined })}
        >
          <option value="">{t('audit.everyAction')}</option>
          {Object.keys(ROLE_OF).map((action) => (
            <option key={action} value={action}>
              {actionWord(action)}
            </option>
          ))}
        </select>
      </form>
      <Shown of={page}>
        {(data) =>
          data.items.length === 0 ? (
            <Empty icon="audit" title={t('empty.audit')} />
          ) : (
            <>
              <Table
                caption={t('nav.audit')}
                columns={[
                  { key: 'at', label: t('plot.time') },
                  { key: 'user', label: t('audit.user') },
                  { key: 'action', label: t('audit.action') },
                  { key: 'target', label: t('audit.target'), class: 'mid-only' },
                  { key: 'count', label: t('audit.count'), class: 'num wide-only' },
                  { key: 'outcome', label: t('audit.outcome') },
                  { key: 'detail', label: t('audit.detail'), class: 'wide-only' },
                ]}
              >
                {data.items.map((entry) => (
                  <tr key={entry.id}>
                    <td class="nowrap">
                      <Moment at={entry.at} as="clock" />
                    </td>
                    <td>
                      <Foreign text={entry.user} />
                      <span class="sub">
                        <Foreign text={entry.role} />
                      </span>
                    </td>
                    <td>{actionWord(entry.action)}</td>
                    <td class="mid-only">
                      <code class="clamp-one">
                        <Foreign text={entry.target} />
                      </code>
                    </td>
                    <td class="num wide-only">{formatNumber(entry.count)}</td>
                    <td>
                      <Foreign text={entry.outcome} />
                    </td>
                    <td class="wide-only">
                      {Object.keys(entry.detail).length > 0 && (
                        <details>
                          <summary>{t('audit.show')}</summary>
                          <ValueTree value={entry.detail} />
                        </details>
                      )}
                    </td>
                  </tr>
                ))}
              </Table>
              <Pager page={data} />
            </>
          )
        }
      </Shown>
    </>
  );
}
