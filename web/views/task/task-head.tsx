import type { ComponentChildren, JSX } from 'preact';
import type { TaskDetail } from '../../../src/platform/views/index.js';
import { formatMs } from '../../format/duration.js';
import { shortId } from '../../format/ids.js';
import { t } from '../../i18n/translate.js';
import { CopyMark } from '../../parts/buttons.js';
import { Foreign } from '../../parts/foreign.js';
import { Moment } from '../../parts/moment.js';
import { Flags, PhaseBadge, StateBadge } from '../../parts/state.js';
import { href, taskPath, withQuery } from '../../routing/location.js';

function Fact({ label, children }: { label: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="fact">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const IdLink = ({ id }: { id: string }): JSX.Element => (
  <a href={href(taskPath(id))} title={id}>
    <code>{shortId(id)}</code>
  </a>
);

/** What one wants to know before anything else: state and why, which one, where, how long. */
export function TaskHead({ task }: { task: TaskDetail }): JSX.Element {
  return (
    <div class={`task-head phase-${task.phase}`}>
      <div class="task-state">
        <PhaseBadge phase={task.phase} state={task.state} />
        <Flags flags={task.flags} />
        {task.reason !== null && (
          <span class="soft">
            <Foreign text={task.reason} />
          </span>
        )}
        <span class="task-id">
          <code>
            <Foreign text={task.id} />
          </code>
          <CopyMark text={task.id} />
        </span>
      </div>
      <dl class="facts">
        <Fact label={t('column.created')}>
          <Moment at={task.created} as="both" />
        </Fact>
        <Fact label={t('column.wait')}>{task.waitMs === null ? '–' : formatMs(task.waitMs)}</Fact>
        <Fact label={t('column.run')}>{task.runMs === null ? '–' : formatMs(task.runMs)}</Fact>
        <Fact label={t('column.retries')}>{task.retries}</Fact>
        {task.queue !== null && (
          <Fact label={t('column.queue')}>
            <a href={href(`/queue/${encodeURIComponent(task.queue)}`)}>
              <Foreign text={task.queue} />
            </a>
          </Fact>
        )}
        {task.worker !== null && (
          <Fact label={t('column.worker')}>
            <a href={href(`/worker/${encodeURIComponent(task.worker)}`)}>
              <Foreign text={task.worker} />
            </a>
          </Fact>
        )}
        <Fact label={t('column.root')}>
          {task.rootId === task.id ? t('task.isRoot') : <IdLink id={task.rootId} />}
        </Fact>
        {task.parentId !== null && (
          <Fact label={t('column.parent')}>
            <IdLink id={task.parentId} />
          </Fact>
        )}
        <Fact label={t('column.children')}>
          {task.children === 0 ? (
            0
          ) : (
            <a href={href(withQuery('/tasks', { parent: task.id }))}>{task.children}</a>
          )}
        </Fact>
        <Fact label={t('tab.family')}>
          <a href={href(`/tree/${encodeURIComponent(task.rootId)}`)}>
            {t('tasks.here', { n: task.familySize })}
          </a>{' '}
          <StateBadge state={task.familyState} />
        </Fact>
        {task.creatorId !== null && (
          <Fact label={t('column.creator')}>
            <a href={href(withQuery('/tasks', { creator: String(task.creatorId) }))}>{task.creatorId}</a>
          </Fact>
        )}
        {task.relatedObjectId !== null && (
          <Fact label={t('column.related')}>
            <a href={href(withQuery('/tasks', { related: task.relatedObjectId }))}>
              <Foreign text={task.relatedObjectId} />
            </a>
          </Fact>
        )}
        {task.eta !== null && (
          <Fact label={t('column.eta')}>
            <Moment at={task.eta} as="both" />
          </Fact>
        )}
        {task.retriedFrom !== null && (
          <Fact label={t('task.retriedFrom')}>
            <IdLink id={task.retriedFrom} />
          </Fact>
        )}
        {task.retriedAs.length > 0 && (
          <Fact label={t('task.retriedAs')}>
            {task.retriedAs.map((id) => (
              <IdLink key={id} id={id} />
            ))}
          </Fact>
        )}
      </dl>
    </div>
  );
}
