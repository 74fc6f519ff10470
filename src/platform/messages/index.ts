export { sentTo } from './destination.js';
export { messageKeeper } from './keep-messages.js';
export { type KeptMessage, readMessages } from './read-messages.js';
