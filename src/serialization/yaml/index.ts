export { lazyYamlCodec } from './lazy-yaml-codec.js';
