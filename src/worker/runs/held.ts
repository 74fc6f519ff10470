/** Something that knows whether its message is still ours. */
export interface Held {
  held(): boolean;
}
