import { connect } from 'amqplib';
import pg from 'pg';

const [url = '', queue = '', databaseUrl = '', batchSize = '500'] = process.argv.slice(2);

/** What a script written for this one purpose reaches: batches, one statement each, one acknowledgement for all. */
const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
const model = await connect(url, { noDelay: true });
const channel = await model.createChannel();
await channel.prefetch(Number(batchSize) * 2, true);

interface Row {
  readonly tag: number;
  readonly values: readonly [string, string, string, string, string];
}
const waiting: Row[] = [];
let working = false;

const INSERT = `INSERT INTO tasks_backgroundtask (id, task_id, type, root_id, input, options)
  SELECT left(replace(task_id, '-', ''), 24), task_id, type, root_id, input::jsonb, options::jsonb
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS t(task_id, type, root_id, input, options)
  ON CONFLICT (task_id) DO NOTHING`;

async function work(): Promise<void> {
  working = true;
  while (waiting.length > 0) {
    const batch = waiting.splice(0, Number(batchSize));
    await pool.query(
      INSERT,
      [0, 1, 2, 3, 4].map((column) => batch.map(({ values }) => values[column])),
    );
    const last = batch.at(-1);
    if (last !== undefined)
      channel.ack({ fields: { deliveryTag: last.tag } } as Parameters<typeof channel.ack>[0], true);
  }
  working = false;
}

await channel.consume(queue, (message) => {
  if (message === null) return;
  const headers = (message.properties.headers ?? {}) as Record<string, string>;
  const [args, kwargs] = JSON.parse(message.content.toString()) as [unknown, unknown, unknown];
  const input = JSON.stringify({ args, kwargs });
  waiting.push({
    tag: message.fields.deliveryTag,
    values: [
      headers.id ?? '',
      headers.task ?? '',
      headers.root_id ?? '',
      input,
      JSON.stringify({ retries: headers.retries }),
    ],
  });
  if (!working) setImmediate(() => !working && void work());
});
