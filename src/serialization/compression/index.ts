export { compress, compressionHeader, type DecompressOptions, decompress } from './compression.js';
