export { type Outbox, type OutboxClient, outbox } from './outbox.js';
export { readStoredJson } from './outbox-row.js';
export { insertPost, POST_PLACES, type Post, postValues } from './post.js';
export { type CreateRelayOptions, createRelay, type Relay } from './relay.js';
export { type RelayParts, relayPass } from './relay-pass.js';
