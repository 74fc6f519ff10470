export { lazyMsgpackCodec } from './lazy-msgpack-codec.js';
