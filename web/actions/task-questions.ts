import type { BulkRequest, TaskDetail, TaskFilter } from '../../src/platform/views/index.js';
import { shortId } from '../format/ids.js';
import { formatNumber, t } from '../i18n/translate.js';
import { ask } from './ask.js';

const none = (): Readonly<Record<string, unknown>> => ({});
const subject = (ids: readonly string[], name?: string): string =>
  ids.length === 1 ? `${name ?? ''} ${ids[0] ?? ''}`.trim() : t('ask.tasks', { n: ids.length });

export function askRetry(
  ids: readonly string[],
  options: { name?: string; idempotent?: boolean; done?: () => void } = {},
): void {
  ask({
    title: t('ask.retry'),
    body: subject(ids, options.name),
    ...(options.idempotent === false ? { warning: t('ask.retry.repeats') } : {}),
    fields: [
      {
        kind: 'choice',
        name: 'mode',
        label: t('ask.retry.as'),
        value: 'same',
        choices: [
          { value: 'same', label: t('ask.retry.same') },
          { value: 'new', label: t('ask.retry.new') },
        ],
      },
    ],
    button: t('action.task.retry'),
    act: { kind: 'action', action: 'task.retry', targets: ids, parameters: ({ mode }) => ({ mode }) },
    ...(options.done === undefined ? {} : { done: options.done }),
  });
}

export function askRetryWithEdits(task: TaskDetail): void {
  const text = (value: unknown): string => JSON.stringify(value, null, 2);
  ask({
    title: t('ask.edit'),
    body:
      task.definition === null ? subject([task.id], task.name) : `${task.name} ${task.definition.signature}`,
    ...(task.definition?.idempotent === false ? { warning: t('ask.retry.repeats') } : {}),
    fields: [
      {
        kind: 'json',
        name: 'args',
        label: t('ask.edit.args'),
        value: text(task.input.args.json),
        hint: t('ask.edit.hint'),
      },
      { kind: 'json', name: 'kwargs', label: t('ask.edit.kwargs'), value: text(task.input.kwargs.json) },
    ],
    button: t('action.task.retry'),
    act: {
      kind: 'action',
      action: 'task.retry',
      targets: [task.id],
      parameters: ({ args = '[]', kwargs = '{}' }) => ({
        mode: 'new',
        args: JSON.parse(args) as unknown,
        kwargs: JSON.parse(kwargs) as unknown,
      }),
    },
  });
}

export function askRevoke(ids: readonly string[], options: { name?: string; done?: () => void } = {}): void {
  ask({
    title: t('ask.revoke'),
    body: subject(ids, options.name),
    warning: t('ask.revoke.note'),
    button: t('action.task.revoke'),
    act: { kind: 'action', action: 'task.revoke', targets: ids, parameters: none },
    ...(options.done === undefined ? {} : { done: options.done }),
  });
}

export function askTerminate(task: TaskDetail): void {
  const short = shortId(task.id);
  ask({
    title: t('ask.terminate'),
    body: subject([task.id], task.name),
    warning: t('ask.terminate.note'),
    confirm: short,
    danger: true,
    button: t('action.task.terminate'),
    act: {
      kind: 'action',
      action: 'task.terminate',
      targets: [task.id],
      parameters: () => ({ confirm: short }),
    },
  });
}

/** On all that the filter finds: the number found is what is typed. */
export function askBulk(
  action: BulkRequest['action'],
  filter: TaskFilter,
  count: number,
  words: string,
): void {
  ask({
    title: t(`action.${action}`),
    body: `${t('ask.bulk.body', { n: count })} ${words}`.trim(),
    warning: t('ask.bulk.note'),
    fields: [
      {
        kind: 'number',
        name: 'perSecond',
        label: t('ask.bulk.rate'),
        value: 50,
        hint: t('ask.bulk.rate.hint'),
      },
    ],
    confirm: String(count),
    danger: action === 'task.revoke' || action === 'quarantine.discard',
    button: t('ask.bulk.button', { n: count, number: formatNumber(count) }),
    act: {
      kind: 'bulk',
      request: ({ perSecond = '50' }) => ({ action, filter, confirmed: count, perSecond: Number(perSecond) }),
    },
  });
}
