import type { en } from './en.js';

export type MessageKey = keyof typeof en;
/** What every language says: the compiler finds a key that is missing or strange. */
export type Messages = Readonly<Record<MessageKey, string>>;
