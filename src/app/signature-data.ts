/**
 * A signature on the wire (protocol section "Signature object"): a task call as data. Unknown options are kept: they
 * become message properties. `options.task_id` is present once the signature is frozen.
 */
export interface SignatureData {
  readonly task: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly subtask_type: string | null;
  readonly immutable: boolean;
}
