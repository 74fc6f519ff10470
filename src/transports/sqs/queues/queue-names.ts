const FIFO = '.fifo';

export const isFifo = (name: string): boolean => name.endsWith(FIFO);

/**
 * The name a queue has in SQS, as kombu rewrites it (SQS Channel.entity_name): the prefix first; dots become
 * dashes, every other ASCII punctuation but `-` and `_` becomes `_`, and a trailing `.fifo` stays.
 */
export function sqsQueueName(prefix: string, queue: string): string {
  const name = prefix + queue;
  const stem = isFifo(name) ? name.slice(0, -FIFO.length) : name;
  const rewritten = stem.replaceAll('.', '-').replace(/[!-,/:-@[-^`{-~]/g, '_');
  return isFifo(name) ? rewritten + FIFO : rewritten;
}

/** The name of a queue that belongs to another: the suffix goes before the ending `.fifo`. */
export const withSuffix = (name: string, suffix: string): string =>
  isFifo(name) ? name.slice(0, -FIFO.length) + suffix + FIFO : name + suffix;
