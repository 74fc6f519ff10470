/** The part of seek-bzip that we use; the package has no types. */
declare module 'seek-bzip' {
  const bunzip: {
    /** Throws what `output` throws, and TypeError or RangeError for a broken stream. */
    decode(input: Uint8Array, output: { writeByte(byte: number): void }, multistream: boolean): void;
  };
  export default bunzip;
}
