import type { JSX } from 'preact';
import type { ScheduleView } from '../../src/platform/views/index.js';
import { ActionButton } from '../actions/action-button.js';
import { performNow } from '../actions/perform.js';
import { useResource } from '../client/resource.js';
import { t } from '../i18n/translate.js';
import { Foreign } from '../parts/foreign.js';
import { Moment } from '../parts/moment.js';
import { Empty, PageHead, Shown } from '../parts/page.js';
import { Badge, StateBadge } from '../parts/state.js';
import { None, Table } from '../parts/table.js';
import { href, taskPath, withQuery } from '../routing/location.js';

export function Schedules(): JSX.Element {
  const schedules = useResource<{ items: readonly ScheduleView[] }>('/schedules', ['overview', 'tasks']);
  return (
    <>
      <PageHead title={t('nav.schedules')} />
      <Shown of={schedules}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon="schedules" title={t('empty.schedules')}>
              <p class="soft">{t('empty.schedules.how')}</p>
            </Empty>
          ) : (
            <Table
              caption={t('nav.schedules')}
              columns={[
                { key: 'name', label: t('column.name') },
                { key: 'enabled', label: t('column.state') },
                { key: 'rule', label: t('schedule.rule') },
                { key: 'next', label: t('schedule.next'), class: 'num' },
                { key: 'last', label: t('schedule.last'), class: 'mid-only' },
                { key: 'missed', label: t('schedule.missed'), class: 'num wide-only' },
                { key: 'actions', label: t('column.actions'), class: 'mid-only' },
              ]}
            >
              {items.map((schedule) => (
                <ScheduleRow key={schedule.name} schedule={schedule} refresh={schedules.refresh} />
              ))}
            </Table>
          )
        }
      </Shown>
    </>
  );
}

function ScheduleRow({ schedule, refresh }: { schedule: ScheduleView; refresh: () => void }): JSX.Element {
  const [first, ...later] = schedule.next;
  const change = schedule.enabled ? 'schedule.pause' : 'schedule.resume';
  return (
    <tr data-row={schedule.name}>
      <th scope="row" class="name">
        <a class="row-link" href={href(withQuery('/tasks', { type: schedule.task }))}>
          <Foreign text={schedule.name} />
        </a>
        <span class="sub">
          <Foreign text={schedule.task} />
        </span>
      </th>
      <td>
        {schedule.enabled ? (
          <Badge tone="ok" icon="check">
            {t('schedule.enabled')}
          </Badge>
        ) : (
          <Badge tone="off" icon="pause">
            {t('schedule.paused')}
          </Badge>
        )}
      </td>
      <td>
        <Foreign text={schedule.rule} />
        <span class="sub">
          <code>
            <Foreign text={schedule.written} />
          </code>{' '}
          <Foreign text={schedule.zone} />
        </span>
      </td>
      <td class="num">
        {first === undefined ? (
          <None />
        ) : (
          <details class="times">
            <summary>
              <Moment at={first} as="both" />
            </summary>
            {later.map((at) => (
              <div key={at}>
                <Moment at={at} as="both" />
              </div>
            ))}
          </details>
        )}
      </td>
      <td class="mid-only">
        {schedule.last === null ? (
          <None />
        ) : (
          <>
            <Moment at={schedule.last} as="ago" />{' '}
            {schedule.lastState !== null &&
              (schedule.lastTaskId === null ? (
                <StateBadge state={schedule.lastState} />
              ) : (
                <a href={href(taskPath(schedule.lastTaskId))}>
                  <StateBadge state={schedule.lastState} />
                </a>
              ))}
          </>
        )}
      </td>
      <td class={schedule.missed > 0 ? 'num wide-only warn' : 'num wide-only'}>{schedule.missed}</td>
      <td class="mid-only row-actions">
        <ActionButton
          action="schedule.trigger"
          icon="play"
          onClick={() => void performNow('schedule.trigger', schedule.name, refresh)}
        />
        <ActionButton
          action={change}
          icon={schedule.enabled ? 'pause' : 'play'}
          barred={schedule.editable ? undefined : t('schedule.fixed')}
          onClick={() => void performNow(change, schedule.name, refresh)}
        />
      </td>
    </tr>
  );
}
