import type { JSX } from 'preact';
import type { TaskDetail } from '../../../src/platform/views/index.js';
import { ActionButton } from '../../actions/action-button.js';
import { askRetry, askRetryWithEdits, askRevoke, askTerminate } from '../../actions/task-questions.js';
import { t } from '../../i18n/translate.js';

const WAITING: readonly string[] = ['scheduled', 'queued', 'retrying', 'unknown', 'lost'];

export function TaskActions({ task, refresh }: { task: TaskDetail; refresh: () => void }): JSX.Element {
  const running = task.phase === 'running';
  const { args, kwargs } = task.input;
  const whole = [args, kwargs].every((value) => !value.truncated && value.undecodable === null);
  const idempotent = task.definition?.idempotent;
  return (
    <>
      <ActionButton
        action="task.retry"
        icon="retry"
        primary={task.phase === 'failed' || task.phase === 'lost'}
        barred={running ? t('barred.running') : undefined}
        onClick={() =>
          askRetry([task.id], {
            name: task.name,
            done: refresh,
            ...(idempotent === undefined ? {} : { idempotent }),
          })
        }
      />
      <ActionButton
        action="task.retry"
        icon="edit"
        label={t('ask.edit.short')}
        barred={whole ? undefined : t('barred.arguments')}
        onClick={() => askRetryWithEdits(task)}
      />
      {(WAITING.includes(task.phase) || running) && (
        <ActionButton
          action="task.revoke"
          icon="ban"
          onClick={() => askRevoke([task.id], { name: task.name, done: refresh })}
        />
      )}
      {running && (
        <ActionButton action="task.terminate" icon="stop" danger onClick={() => askTerminate(task)} />
      )}
    </>
  );
}
