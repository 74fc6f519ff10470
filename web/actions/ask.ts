import type { ActionName, BulkRequest } from '../../src/platform/views/index.js';
import { createStore } from '../client/store.js';

interface Labelled {
  readonly value: string;
  readonly label: string;
}
interface FieldBase {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
}
/** What an action has to be told, beside its targets. */
export type Field =
  | (FieldBase & {
      readonly kind: 'text' | 'json' | 'area';
      readonly value?: string;
      readonly optional?: boolean;
    })
  | (FieldBase & { readonly kind: 'number'; readonly value?: number; readonly optional?: boolean })
  | (FieldBase & { readonly kind: 'choice'; readonly value: string; readonly choices: readonly Labelled[] });

/** A question before an action: what will happen to what, what must be told, and what must be typed to confirm. */
export interface Question {
  readonly title: string;
  readonly body?: string;
  readonly warning?: string;
  readonly fields?: readonly Field[];
  /** Must be typed. */
  readonly confirm?: string;
  /** A file offered before something is gone. */
  readonly download?: Labelled;
  readonly danger?: boolean;
  readonly button: string;
  readonly act:
    | {
        readonly kind: 'action';
        readonly action: ActionName;
        readonly targets: readonly string[];
        readonly parameters: (values: Readonly<Record<string, string>>) => Readonly<Record<string, unknown>>;
      }
    | { readonly kind: 'bulk'; readonly request: (values: Readonly<Record<string, string>>) => BulkRequest };
  readonly done?: () => void;
}

export const question = createStore<Question | null>(null);
export const ask = (asked: Question): void => question.set(asked);
