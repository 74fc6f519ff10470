import { createHash, randomBytes } from 'node:crypto';

/** A new token for programs. Its hash is kept, the token itself is shown once. */
export function newApiToken(): { readonly token: string; readonly hash: string } {
  const token = `wt_${randomBytes(32).toString('base64url')}`;
  return { token, hash: apiTokenHash(token) };
}

/** Tokens are random: a plain hash is enough, and finding it in a map tells nothing of its neighbours. */
export const apiTokenHash = (token: string): string =>
  `sha256$${createHash('sha256').update(token).digest('base64url')}`;
