export {
  type AuthOptions,
  CertificateStore,
  registerAuth,
  SigningKey,
  TrustedCertificate,
} from './auth/index.js';
export {
  type Codec,
  DEFAULT_DECODE_BUDGET,
  type DecodeBudget,
  type Encoded,
  type LazyCodec,
} from './codec.js';
export { compress, compressionHeader, decompress } from './compression/index.js';
export { type JsonOptions, jsonCodec, readJson, writeJson } from './json/index.js';
export {
  type PickleOptions,
  type PickleProtocol,
  pickleCodec,
  pickleGroupResult,
  readPickle,
  writePickle,
} from './pickle/index.js';
export { PickledException } from './pickled-exception.js';
export { argsRepr, kwargsRepr, pythonRepr, type ReprOptions } from './python-repr.js';
export {
  createSerializers,
  type DecodeOptions,
  defaultSerializers,
  type EncodedBody,
  type EncodedMessage,
  type SerializerRegistry,
} from './registry.js';
export { ResultReference } from './result-reference.js';
export { type EncryptionKey, SEALED_TYPE, type SealContext, Sealer } from './sealed/index.js';
export { Tuple, tuple } from './tuple.js';
