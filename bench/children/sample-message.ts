import { randomUUID } from 'node:crypto';

/** Headers and body as Celery's protocol 2 has them for a task with two integers. */
export function taskMessage(task: string): {
  readonly body: Buffer;
  readonly headers: Record<string, unknown>;
  readonly correlationId: string;
} {
  const id = randomUUID();
  const headers = {
    lang: 'py',
    task,
    id,
    shadow: null,
    eta: null,
    expires: null,
    group: null,
    group_index: null,
    retries: 0,
    timelimit: [null, null],
    root_id: id,
    parent_id: null,
    argsrepr: '(1, 2)',
    kwargsrepr: '{}',
    origin: 'gen1@bench',
    ignore_result: false,
    replaced_task_nesting: 0,
    stamped_headers: null,
    stamps: {},
  };
  const body = Buffer.from(
    '[[1, 2], {}, {"callbacks": null, "errbacks": null, "chain": null, "chord": null}]',
  );
  return { body, headers, correlationId: id };
}

/** The text in which kombu keeps such a message in a list of Redis. */
export function redisEnvelope(
  { body, headers, correlationId }: ReturnType<typeof taskMessage>,
  queue: string,
): string {
  return JSON.stringify({
    body: body.toString('base64'),
    'content-encoding': 'utf-8',
    'content-type': 'application/json',
    headers,
    properties: {
      correlation_id: correlationId,
      reply_to: correlationId,
      delivery_mode: 2,
      delivery_info: { exchange: '', routing_key: queue },
      priority: 0,
      body_encoding: 'base64',
      delivery_tag: randomUUID(),
    },
  });
}

/** A message with a body of 500 bytes, for measurements of the client alone. */
export function largeMessage(): ReturnType<typeof taskMessage> {
  const message = taskMessage('bench.noop');
  return { ...message, body: Buffer.concat([message.body, Buffer.alloc(500 - message.body.length, 0x20)]) };
}
