const DIGITS = 20;

/** FIFO sequence numbers have twenty digits on AWS, so that they sort as text too. */
export const sequenceNumber = (seq: number): string => `1${String(seq).padStart(DIGITS - 1, '0')}`;
