import type { Answer, Control, ControlOptions, Replies } from '../../../remote/index.js';
import type { ActionItem } from '../../views/index.js';
import { done, failed, refused } from '../items.js';
import type { Performer } from '../performer.js';

/** Seconds a worker may take to answer. */
const TIMEOUT = 3;

const to = (names: readonly string[]): ControlOptions => ({ destination: names, timeout: TIMEOUT });

const itemFor = (name: string, answers: Replies<Answer>): ActionItem => {
  const answer = answers[name];
  if (answer === undefined) return failed(name, `does not answer within ${TIMEOUT} seconds`);
  return 'ok' in answer ? done(name, answer.ok) : refused(name, answer.error);
};

/** Sends one command to all of them and tells what each answered. */
const byCommand =
  <P>(send: (control: Control, parameters: P, options: ControlOptions) => Promise<Replies<Answer>>) =>
  async (
    { control }: { readonly control: Control },
    { targets, parameters }: { readonly targets: readonly string[]; readonly parameters: P },
  ): Promise<{ items: ActionItem[] }> => {
    const answers = await send(control, parameters, to(targets));
    return { items: targets.map((name) => itemFor(name, answers)) };
  };

/** Ends workers warmly: what they run ends, what has not begun goes back. They do not answer: who has heard it is asked before. */
export const shutDownWorkers: Performer<'worker.shutdown'> = async ({ control }, { targets }) => {
  const heard = await control.ping(to(targets));
  const present = targets.filter((name) => heard[name] !== undefined);
  if (present.length > 0) await control.shutdown({ destination: present });
  return {
    items: targets.map((name) =>
      name in heard
        ? done(name, 'ends what it runs, then ends')
        : failed(name, `does not answer within ${TIMEOUT} seconds`),
    ),
  };
};

/** Takes workers from all their queues: they end what they have and stay, idle, until they consume again. */
export const drainWorkers: Performer<'worker.drain'> = async ({ control }, { targets }) => {
  const queues = await control.broadcast<readonly { readonly name: string }[]>(
    'active_queues',
    {},
    to(targets),
  );
  const items: ActionItem[] = [];
  for (const name of targets) {
    const consumed = queues[name]?.map((queue) => queue.name);
    if (consumed === undefined) items.push(failed(name, `does not answer within ${TIMEOUT} seconds`));
    else {
      for (const queue of consumed) await control.cancelConsumer(queue, to([name]));
      items.push(
        done(
          name,
          consumed.length === 0 ? 'was drained before' : `takes nothing from ${consumed.join(', ')} any more`,
        ),
      );
    }
  }
  return { items, detail: { before: queues } };
};

export const changePools: Performer<'worker.pool'> = byCommand((control, parameters, options) => {
  if ('grow' in parameters) return control.poolGrow(parameters.grow, options);
  if ('shrink' in parameters) return control.poolShrink(parameters.shrink, options);
  if ('autoscale' in parameters) {
    return control.autoscale(parameters.autoscale.max, parameters.autoscale.min, options);
  }
  return control.broadcast<Answer>('pool_restart', {}, options);
});

export const changeConsumers: Performer<'worker.consumer'> = byCommand((control, parameters, options) =>
  'add' in parameters
    ? control.addConsumer(parameters.add, options)
    : control.cancelConsumer(parameters.cancel, options),
);

export const limitRates: Performer<'worker.rate-limit'> = byCommand((control, { task, rate }, options) =>
  control.rateLimit(task, rate, options),
);

export const limitTimes: Performer<'worker.time-limit'> = byCommand(
  (control, { task, soft = null, hard = null }, options) => control.timeLimit(task, { soft, hard }, options),
);
