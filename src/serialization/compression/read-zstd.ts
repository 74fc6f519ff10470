import { Output, OutputTooLarge } from './method.js';
import { driver } from './missing-driver.js';

const MAGIC = 0xfd2fb528;
/** Windows that a decoder must be ready for, whatever its budget (RFC 8878, 3.1.1.1.2). */
const USUAL_WINDOW = 8 * 1024 * 1024;

/** Reads zstd where Node cannot. The package would make room for whatever the frame announces, so that is read first. */
export async function readZstd(body: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const { Decompress } = await driver('application/zstd', 'fzstd', () => import('fzstd'));
  if (announcedWindow(body) > Math.max(maxBytes, USUAL_WINDOW)) throw new OutputTooLarge(maxBytes);
  const output = new Output(maxBytes);
  // Each piece is a view of a buffer that is used again.
  new Decompress((piece) => output.add(piece.slice())).push(body, true);
  return output.bytes();
}

/** The memory that the first frame asks for (RFC 8878, 3.1.1.1). Throws where there is no frame. */
function announcedWindow(body: Uint8Array): number {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new Error('no zstd frame');
  const flags = view.getUint8(4);
  const single = (flags & 0b0010_0000) !== 0;
  if (!single) {
    const descriptor = view.getUint8(5);
    const base = 2 ** (10 + (descriptor >> 3));
    return base + (base / 8) * (descriptor & 7);
  }
  const at = 5 + ([0, 1, 2, 4][flags & 3] ?? 0);
  const sizeKind = flags >> 6;
  if (sizeKind === 0) return view.getUint8(at);
  if (sizeKind === 1) return view.getUint16(at, true) + 256;
  return sizeKind === 2 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
}
