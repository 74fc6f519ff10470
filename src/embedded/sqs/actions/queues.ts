import { SqsError } from '../errors.js';
import type { Action } from './call.js';
import { page } from './page.js';

export const createQueue: Action = ({ input, store, urlOf }) => {
  // The JSON protocol spells the parameter of this one action in lower case.
  const tags = { ...input.textRecord('Tags'), ...input.textRecord('tags') };
  const queue = store.create(input.text('QueueName'), input.textRecord('Attributes'), tags);
  return { QueueUrl: urlOf(queue.name) };
};

export const getQueueUrl: Action = ({ input, store, urlOf }) => ({
  QueueUrl: urlOf(store.queue(input.text('QueueName')).name),
});

export const listQueues: Action = ({ input, store, urlOf }) => {
  const queues = store.named(input.optionalText('QueueNamePrefix') ?? '');
  const { items, nextToken } = page(queues, input);
  return {
    ...(items.length > 0 && { QueueUrls: items.map(({ name }) => urlOf(name)) }),
    ...(nextToken !== undefined && { NextToken: nextToken }),
  };
};

export const deleteQueue: Action = ({ queue, store }) => {
  store.delete(queue());
  return {};
};

export const purgeQueue: Action = ({ queue }) => {
  queue().purge();
  return {};
};

export const listDeadLetterSourceQueues: Action = ({ input, queue, store, urlOf }) => {
  const { items, nextToken } = page(store.deadLetterSources(queue()), input);
  return {
    queueUrls: items.map(({ name }) => urlOf(name)),
    ...(nextToken !== undefined && { NextToken: nextToken }),
  };
};

export const setQueueAttributes: Action = ({ input, queue, store }) => {
  store.setAttributes(queue(), input.textRecord('Attributes'));
  return {};
};

export const getQueueAttributes: Action = ({ input, queue: find }) => {
  const queue = find();
  const { visible, held, delayed } = queue.stock;
  const { facts } = queue;
  const all: Readonly<Record<string, string>> = {
    ...facts.attributes,
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(held),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(facts.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(facts.modifiedAt / 1000)),
  };
  const wanted = input.texts('AttributeNames');
  const unknown = wanted.find((name) => name !== 'All' && all[name] === undefined && !OPTIONAL.has(name));
  if (unknown !== undefined) throw new SqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  const chosen = Object.entries(all).filter(([name]) => wanted.includes('All') || wanted.includes(name));
  return chosen.length === 0 ? {} : { Attributes: Object.fromEntries(chosen) };
};

/** Attributes that a queue need not have. */
const OPTIONAL = new Set([
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
]);
