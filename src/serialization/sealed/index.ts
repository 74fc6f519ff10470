export { type EncryptionKey, SEALED_TYPE, type SealContext, Sealer } from './sealer.js';
