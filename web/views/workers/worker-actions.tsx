import type { JSX } from 'preact';
import type { ActionName, WorkerView } from '../../../src/platform/views/index.js';
import { ActionButton } from '../../actions/action-button.js';
import { ask, type Field, type Question } from '../../actions/ask.js';
import { t } from '../../i18n/translate.js';
import { Menu } from '../../parts/buttons.js';

type Values = Readonly<Record<string, string>>;
const numberOf = (text: string | undefined): number | undefined =>
  text === undefined || text === '' ? undefined : Number(text);

/** What can be asked of a worker, each with what it must be told. */
function questions(
  worker: WorkerView,
  refresh: () => void,
): Readonly<Record<'pool' | 'consumer' | 'rate' | 'time' | 'drain' | 'shutdown', () => void>> {
  const { name } = worker;
  const put = (
    action: ActionName,
    fields: readonly Field[],
    parameters: (values: Values) => Readonly<Record<string, unknown>>,
    more: Partial<Question> = {},
  ): void =>
    ask({
      title: `${t(`action.${action}`)}: ${name}`,
      fields,
      button: t(`action.${action}`),
      act: { kind: 'action', action, targets: [name], parameters },
      done: refresh,
      ...more,
    });
  return {
    pool: () =>
      put(
        'worker.pool',
        [
          {
            kind: 'choice',
            name: 'change',
            label: t('pool.change'),
            value: 'grow',
            choices: (['grow', 'shrink', 'autoscale', 'restart'] as const).map((value) => ({
              value,
              label: t(`pool.${value}`),
            })),
          },
          { kind: 'number', name: 'n', label: t('pool.n'), value: 1, hint: t('pool.n.hint') },
          { kind: 'number', name: 'min', label: t('pool.min'), optional: true, hint: t('pool.min.hint') },
        ],
        ({ change = 'grow', n, min }) =>
          change === 'restart'
            ? { restart: true }
            : change === 'autoscale'
              ? { autoscale: { max: numberOf(n) ?? 1, min: numberOf(min) ?? 0 } }
              : { [change]: numberOf(n) ?? 1 },
      ),
    consumer: () =>
      put(
        'worker.consumer',
        [
          {
            kind: 'choice',
            name: 'change',
            label: t('consumer.change'),
            value: 'add',
            choices: [
              { value: 'add', label: t('consumer.add') },
              { value: 'cancel', label: t('consumer.cancel') },
            ],
          },
          { kind: 'text', name: 'queue', label: t('column.queue'), value: worker.queues[0] ?? '' },
        ],
        ({ change = 'add', queue = '' }) => ({ [change]: queue }),
      ),
    rate: () =>
      put(
        'worker.rate-limit',
        [
          { kind: 'text', name: 'task', label: t('column.task') },
          { kind: 'text', name: 'rate', label: t('rate.limit'), value: '10/m', hint: t('rate.hint') },
        ],
        ({ task = '', rate = '' }) => ({ task, rate }),
      ),
    time: () =>
      put(
        'worker.time-limit',
        [
          { kind: 'text', name: 'task', label: t('column.task') },
          { kind: 'number', name: 'soft', label: t('time.soft'), optional: true },
          { kind: 'number', name: 'hard', label: t('time.hard'), optional: true },
        ],
        ({ task = '', soft, hard }) => ({
          task,
          ...(numberOf(soft) === undefined ? {} : { soft: numberOf(soft) }),
          ...(numberOf(hard) === undefined ? {} : { hard: numberOf(hard) }),
        }),
      ),
    drain: () => put('worker.drain', [], () => ({}), { body: t('ask.drain') }),
    shutdown: () =>
      put('worker.shutdown', [], () => ({ confirm: name }), {
        warning: t('ask.shutdown'),
        confirm: name,
        danger: true,
      }),
  };
}

export function WorkerActions({ worker, refresh }: { worker: WorkerView; refresh: () => void }): JSX.Element {
  const put = questions(worker, refresh);
  const barred = worker.status === 'gone' ? t('barred.gone') : undefined;
  return (
    <>
      <Menu label={t('worker.adjust')} icon="system">
        {(close) => {
          const then = (act: () => void) => (): void => {
            close();
            act();
          };
          return (
            <div class="menu-actions">
              <ActionButton action="worker.pool" icon="workers" barred={barred} onClick={then(put.pool)} />
              <ActionButton
                action="worker.consumer"
                icon="queues"
                barred={barred}
                onClick={then(put.consumer)}
              />
              <ActionButton
                action="worker.rate-limit"
                icon="types"
                barred={barred}
                onClick={then(put.rate)}
              />
              <ActionButton
                action="worker.time-limit"
                icon="clock"
                barred={barred}
                onClick={then(put.time)}
              />
            </div>
          );
        }}
      </Menu>
      <ActionButton action="worker.drain" icon="pause" barred={barred} onClick={put.drain} />
      <ActionButton action="worker.shutdown" icon="stop" danger barred={barred} onClick={put.shutdown} />
    </>
  );
}
