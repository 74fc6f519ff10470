import type { Attributes } from '@opentelemetry/api';
import type { TaskContext } from '../../app/index.js';

/** What a run's span says, under the names of Python's instrumentation. */
export function requestAttributes({ name, hostname, request }: TaskContext): Attributes {
  const { id, retries, eta, expires, timelimit, replyTo, correlationId, deliveryInfo, priority } = request;
  return {
    'celery.action': 'run',
    'celery.task_name': name,
    'celery.hostname': hostname,
    'messaging.message.id': id,
    'messaging.destination': deliveryInfo.routing_key,
    ...(correlationId !== null && { 'messaging.conversation_id': correlationId }),
    ...(replyTo !== null && { 'celery.reply_to': replyTo }),
    ...(retries > 0 && { 'celery.retries': retries }),
    ...(eta !== null && { 'celery.eta': eta }),
    ...(expires !== null && { 'celery.expires': expires }),
    ...(priority !== null && { 'celery.priority': priority }),
    ...(timelimit.some((limit) => limit !== null) && {
      'celery.timelimit': timelimit.map((limit) => (limit === null ? '' : String(limit))),
    }),
  };
}
