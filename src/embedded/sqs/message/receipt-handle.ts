import { SqsError } from '../errors.js';

/** What a receipt handle says: which message of which queue, and the how-manieth delivery of it. */
export interface Receipt {
  readonly queueId: number;
  readonly seq: number;
  readonly receives: number;
}

const FORM = /^r1:(\d+):(\d+):(\d+)$/;

export const receiptHandle = ({ queueId, seq, receives }: Receipt): string =>
  Buffer.from(`r1:${queueId}:${seq}:${receives}`).toString('base64url');

/** @throws SqsError ReceiptHandleIsInvalid for a text that no queue of ours, or another queue, has given out */
export function parseReceipt(handle: string, queueId: number): Receipt {
  const match = FORM.exec(Buffer.from(handle, 'base64url').toString('latin1'));
  const receipt = { queueId: Number(match?.[1]), seq: Number(match?.[2]), receives: Number(match?.[3]) };
  if (match === null || receipt.queueId !== queueId || receiptHandle(receipt) !== handle) {
    throw new SqsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
    );
  }
  return receipt;
}
