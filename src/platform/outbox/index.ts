export { readStoredJson } from './outbox-row.js';
export { insertPost, POST_PLACES, type Post, postValues } from './post.js';
export { type RelayParts, relayPass } from './relay-pass.js';
