/** Bytes of a pickle written as hex words and quoted text: `80 04 8c01 "a" 2e`. */
export function bytesOf(source: string): Uint8Array {
  const pieces = source.match(/"[^"]*"|[0-9a-f]+/g) ?? [];
  return Buffer.concat(
    pieces.map((piece) =>
      piece.startsWith('"') ? Buffer.from(piece.slice(1, -1), 'utf8') : Buffer.from(piece, 'hex'),
    ),
  );
}
