import type { Action } from './call.js';

export const tagQueue: Action = ({ input, queue: find }) => {
  const queue = find();
  queue.change({ tags: { ...queue.facts.tags, ...input.textRecord('Tags') } });
  return {};
};

export const untagQueue: Action = ({ input, queue: find }) => {
  const queue = find();
  const keys = input.texts('TagKeys');
  const tags = Object.entries(queue.facts.tags).filter(([key]) => !keys.includes(key));
  queue.change({ tags: Object.fromEntries(tags) });
  return {};
};

export const listQueueTags: Action = ({ queue }) => {
  const { tags } = queue().facts;
  return Object.keys(tags).length === 0 ? {} : { Tags: tags };
};
