/** A text kept outside, or why there is none: it is gone, or the pointer leads elsewhere than to this store. */
export type Payload = { readonly text: string } | { readonly problem: string };

/** Keeps texts outside the queue, each under a pointer. Failures are ToolboxErrors. */
export interface PayloadStore {
  /** Resolves with the pointer once the text is safe. */
  put(text: string): Promise<string>;
  get(pointer: string): Promise<Payload>;
  /** Harmless when it is gone already. */
  remove(pointer: string): Promise<void>;
  close(): void;
}
