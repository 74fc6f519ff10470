import type { JSX } from 'preact';
import type { TaskDetail } from '../../../src/platform/views/index.js';
import { t } from '../../i18n/translate.js';
import { Empty } from '../../parts/page.js';
import { ShownValueView } from '../../parts/shown-value.js';

export function ResultPanel({ task }: { task: TaskDetail }): JSX.Element {
  if (task.result === null) {
    return <Empty icon="clock" title={t(task.done === null ? 'result.notYet' : 'result.none')} />;
  }
  return <ShownValueView value={task.result} download={`/tasks/${encodeURIComponent(task.id)}/result`} />;
}
