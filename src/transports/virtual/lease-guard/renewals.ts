import type { ToolboxError } from '../../../base/index.js';

/** Renews leases over a connection of its own; answers as a store's `extend` does. */
export interface Renewals {
  renew(
    queue: string,
    changes: readonly { readonly receipt: string; readonly seconds: number }[],
  ): Promise<readonly (ToolboxError | undefined)[]>;
}

/** How another thread gets its renewals: a module that exports `createRenewals`, and what that is called with. */
export interface RenewalsSource {
  /** URL of the module. */
  readonly module: string;
  /** Must pass between threads. */
  readonly data: unknown;
  /** Bytes of the longest receipt. */
  readonly receiptBytes: number;
}

export type CreateRenewals = (data: unknown) => Promise<Renewals>;

/** URL of a module beside the one of `url`: its source where that is one, compiled code otherwise. */
export const moduleBeside = (url: string, name: string): string =>
  new URL(`./${name}${url.endsWith('.ts') ? '.ts' : '.js'}`, url).href;
