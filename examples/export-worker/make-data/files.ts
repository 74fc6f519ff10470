import { crc32, deflateSync } from 'node:zlib';
import { boxOf, polygonsOf } from '../src/geometry.js';
import type { Geometry, Position } from '../src/project.js';

const SIDE = 96;

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'ascii'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A drawing of the outline, as PNG (black and white, not compressed: the same bytes from every zlib). */
export function drawOutline(geometry: Geometry): Buffer {
  const rings = polygonsOf(geometry).flat();
  const [west, south, east, north] = boxOf(rings);
  const scale = (SIDE - 9) / Math.max(east - west, north - south);
  const row = SIDE / 8 + 1;
  const pixels = Buffer.alloc(row * SIDE, 0xff);
  for (let y = 0; y < SIDE; y += 1) pixels[y * row] = 0;
  const draw = ([x1, y1]: Position, [x2, y2]: Position): void => {
    for (let step = 0; step <= SIDE; step += 1) {
      const x = Math.round(4 + (x1 + ((x2 - x1) * step) / SIDE - west) * scale);
      const y = Math.round(4 + (north - y1 - ((y2 - y1) * step) / SIDE) * scale);
      const at = y * row + 1 + (x >> 3);
      pixels[at] = (pixels[at] ?? 0) & ~(0x80 >> (x & 7));
    }
  };
  for (const ring of rings) ring.slice(1).forEach((to, index) => draw(ring[index] as Position, to));
  const head = Buffer.alloc(13);
  head.writeUInt32BE(SIDE, 0);
  head.writeUInt32BE(SIDE, 4);
  head[8] = 1;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(pixels, { level: 0 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A PDF of one page with these lines (plain ASCII). */
export function printPage(lines: readonly string[]): Buffer {
  const escape = (line: string): string => line.replace(/[\\()]/g, '\\$&');
  const text = `BT /F1 12 Tf 16 TL 72 770 Td ${lines.map((line) => `(${escape(line)}) Tj T*`).join(' ')} ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(file + table + trailer, 'ascii');
}
