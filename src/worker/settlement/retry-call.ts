import type { TaskCall } from '../../app/index.js';
import type { RetryPlan } from '../execution/control-errors.js';
import type { Run } from '../runs/run.js';

const BROKER_HEADER = /^x-(first-|last-)?death|^x-(delivery|worker-lost)-count$|^redelivered$/;

/** The message of the next attempt (protocol section 7.4): the same call under the same id, one retry on. */
export function retryCall(run: Run, plan: RetryPlan): TaskCall {
  const { message, lease } = run;
  const { exchange, routingKey } = lease.info;
  const [time_limit, soft_time_limit] = message.timelimit;
  const callbacks = run.followup('callbacks');
  const errbacks = run.followup('errbacks');
  const chain = run.followup('chain');
  const chord = run.followup('chord');
  const changed = plan.args !== undefined || plan.kwargs !== undefined;
  return {
    task: message.task,
    args: plan.args ?? message.args,
    kwargs: plan.kwargs ?? message.kwargs,
    options: {
      ...message.customProperties,
      ...(exchange === '' ? { queue: routingKey } : { exchange, routing_key: routingKey }),
      task_id: message.id,
      root_id: message.rootId,
      parent_id: message.parentId ?? message.id,
      group_id: message.groupId,
      group_index: message.groupIndex,
      retries: message.retries + (plan.counted ? 1 : 0),
      snoozes: message.snoozes + (plan.counted ? 0 : 1),
      ...(plan.eta === null ? { countdown: plan.countdown ?? 0 } : { eta: plan.eta }),
      ...(message.expires !== null && { expires: message.expires }),
      time_limit,
      soft_time_limit,
      ...(callbacks && { link: callbacks }),
      ...(errbacks && { link_error: errbacks }),
      ...(chain && { chain }),
      ...(chord && { chord }),
      ...(message.origin !== null && { origin: message.origin }),
      ...(message.shadow !== null && { shadow: message.shadow }),
      ...(message.ignoreResult !== null && { ignore_result: message.ignoreResult }),
      ...(message.replyTo !== null && { reply_to: message.replyTo }),
      ...(!changed && { argsrepr: message.argsrepr, kwargsrepr: message.kwargsrepr }),
      replaced_task_nesting: message.replacedTaskNesting,
      ...(message.stampedHeaders && { stamped_headers: message.stampedHeaders, ...message.stamps }),
      priority: message.priority,
      headers: Object.fromEntries(
        Object.entries(message.customHeaders).filter(([name]) => !BROKER_HEADER.test(name)),
      ),
      ...plan.options,
    },
  };
}
