import { describe, expect, it, onTestFinished } from 'vitest';
import { startSqsServer } from '../../../src/embedded/sqs/index.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { hasMoto, motoUrl, NO_MOTO } from './moto.js';
import { python, speaking } from './support.js';

const hasPython = celeryPython() !== undefined;
const SECOND = 'finds the same in a second implementation, but for what that is known to lack';

async function failedChecks(url: string, env: Record<string, string> = {}): Promise<Record<string, string>> {
  const results = JSON.parse(await python(['checks.py', url], env).output) as Record<string, string>;
  expect(Object.keys(results).length).toBeGreaterThan(40);
  return Object.fromEntries(Object.entries(results).filter(([, result]) => result !== 'ok'));
}

describe.skipIf(!hasPython)(hasPython ? 'boto3' : `boto3 (${NO_PYTHON})`, () => {
  it.each(['json', 'query'] as const)(
    'finds SQS in the embedded server, over the %s protocol',
    async (protocol) => {
      const server = await startSqsServer();
      onTestFinished(() => server.close());
      expect(await failedChecks(server.url, await speaking(protocol))).toEqual({});
    },
  );

  it.skipIf(!hasMoto)(hasMoto ? SECOND : `${SECOND} (${NO_MOTO})`, async () => {
    const failed = Object.keys(await failedChecks(await motoUrl()));
    expect(failed.filter((check) => !LACKING_IN_MOTO.includes(check))).toEqual([]);
  });
});

/** What moto 5.2.5 does not do as SQS does; each was looked at. */
const LACKING_IN_MOTO = [
  'queue_names_are_checked', // takes a standard queue named .fifo
  'queue_attributes_are_checked', // takes unknown attributes
  'defaults_of_a_queue', // gives times with a fraction
  'message_attributes_are_checked', // takes an empty value
  'visibility_of_a_deleted_message_cannot_change', // calls the handle invalid instead
  'an_old_handle_deletes_nothing_that_another_holds', // deletes
  'a_junk_receipt_handle_is_refused', // with 400, not 404
  'size_is_checked', // does not count attributes
  'characters_are_checked', // takes control characters
  'a_batch_reports_each_entry', // takes control characters in a batch
  'fifo_messages_are_deduplicated_by_id', // answers a repeat with a new message id
  'fifo_sends_are_checked', // takes a deduplication id in a standard queue
  'fifo_system_attributes', // sequence numbers are random
  'a_fifo_queue_refuses_an_expired_handle', // deletes
  'dead_letters', // does not name the source
  'a_redrive_policy_is_checked', // answers 500 to what is not JSON
];
