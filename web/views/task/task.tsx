import type { JSX } from 'preact';
import type { TaskDetail } from '../../../src/platform/views/index.js';
import { askRetry, askRevoke } from '../../actions/task-questions.js';
import { useResource } from '../../client/resource.js';
import { seen } from '../../format/foreign.js';
import { t } from '../../i18n/translate.js';
import { useKeys } from '../../keyboard/keys.js';
import { Foreign } from '../../parts/foreign.js';
import { PageHead, Shown } from '../../parts/page.js';
import { type Tab, Tabs } from '../../parts/tabs.js';
import { FamilyPanel } from '../family/family-panel.js';
import { ArgumentsPanel } from './arguments-panel.js';
import { ErrorPanel } from './error-panel.js';
import { RawPanel } from './raw-panel.js';
import { ResultPanel } from './result-panel.js';
import { TaskActions } from './task-actions.js';
import { TaskHead } from './task-head.js';
import { TimelinePanel } from './timeline-panel.js';

export function Task({ id }: { id: string }): JSX.Element {
  const task = useResource<TaskDetail>(`/tasks/${encodeURIComponent(id)}`, ['tasks']);
  const { data } = task;
  useKeys({
    r: () =>
      data &&
      askRetry([data.id], {
        name: data.name,
        ...(data.definition === null ? {} : { idempotent: data.definition.idempotent }),
      }),
    v: () => data && askRevoke([data.id], { name: data.name }),
  });
  return (
    <>
      <PageHead
        title={data === undefined ? t('task') : seen(data.name)}
        back={{ to: '/tasks', label: t('nav.tasks') }}
        note={
          (data?.definition?.doc ?? null) === null ? undefined : (
            <Foreign text={data?.definition?.doc ?? ''} />
          )
        }
      >
        {data !== undefined && <TaskActions task={data} refresh={task.refresh} />}
      </PageHead>
      <Shown of={task} lines={12}>
        {(detail) => (
          <>
            <TaskHead task={detail} />
            <Tabs label={t('task')} tabs={tabsOf(detail)} />
          </>
        )}
      </Shown>
    </>
  );
}

function tabsOf(task: TaskDetail): readonly [Tab, ...Tab[]] {
  const more: Tab[] = [];
  if (task.failure !== null)
    more.push({ key: 'error', label: t('tab.error'), content: () => <ErrorPanel task={task} /> });
  return [
    { key: 'timeline', label: t('tab.timeline'), content: () => <TimelinePanel task={task} /> },
    { key: 'arguments', label: t('tab.arguments'), content: () => <ArgumentsPanel task={task} /> },
    { key: 'result', label: t('tab.result'), content: () => <ResultPanel task={task} /> },
    ...more,
    {
      key: 'family',
      label: t('tab.family'),
      count: task.familySize,
      content: () => <FamilyPanel id={task.id} focus={task.id} />,
    },
    { key: 'raw', label: t('tab.raw'), content: () => <RawPanel task={task} /> },
  ];
}
