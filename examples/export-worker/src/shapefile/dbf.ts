/** A value of the attribute table. */
export type DbfValue = string | number | boolean | null;

interface Column {
  readonly name: string;
  readonly type: 'C' | 'N' | 'L';
  readonly width: number;
  readonly decimals: number;
}

const LONGEST_TEXT = 254;
const WIDEST_NUMBER = 19;
const LONGEST_NAME = 10;

/** `text` cut to so many bytes of UTF-8, never through a character. */
function bytesOf(text: string, limit: number): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return bytes;
  let end = limit;
  // 10xxxxxx continues a character.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}

/** dBase allows ten bytes for a name: cut, and numbered where two would become one. */
function shortNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const ascii = name.replace(/[^a-z0-9_]/gi, '_') || '_';
    let short = ascii.slice(0, LONGEST_NAME);
    for (let number = 1; taken.has(short.toLowerCase()); number += 1) {
      short = `${ascii.slice(0, LONGEST_NAME - 1 - String(number).length)}_${number}`;
    }
    taken.add(short.toLowerCase());
    return short;
  });
}

/** The narrowest column that holds every value; values of several kinds become text. */
function columnOf(name: string, values: readonly DbfValue[]): Column {
  const present = values.filter((value) => value !== null);
  if (present.length > 0 && present.every((value) => typeof value === 'boolean')) {
    return { name, type: 'L', width: 1, decimals: 0 };
  }
  if (present.length > 0 && present.every((value) => typeof value === 'number' && Number.isFinite(value))) {
    const decimals = Math.min(
      8,
      Math.max(...present.map((value) => /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0)),
    );
    const width = Math.max(...present.map((value) => (value as number).toFixed(decimals).length));
    if (width <= WIDEST_NUMBER) return { name, type: 'N', width, decimals };
  }
  const width = Math.max(1, ...present.map((value) => Buffer.byteLength(String(value))));
  return { name, type: 'C', width: Math.min(LONGEST_TEXT, width), decimals: 0 };
}

function fieldOf(value: DbfValue, { type, width, decimals }: Column): Buffer {
  const field = Buffer.alloc(width, ' ');
  if (type === 'L') field.write(value === null ? '?' : value === true ? 'T' : 'F');
  else if (value === null) return field;
  else if (type === 'N') field.write((value as number).toFixed(decimals).padStart(width));
  else bytesOf(String(value), width).copy(field);
  return field;
}

function descriptorOf({ name, type, width, decimals }: Column): Buffer {
  const descriptor = Buffer.alloc(32);
  descriptor.write(name, 'ascii');
  descriptor.write(type, 11, 'ascii');
  descriptor[16] = width;
  descriptor[17] = decimals;
  return descriptor;
}

/** A dBase III table (.dbf) in UTF-8: `names` of the columns, and a value for each in every row. */
export function encodeDbf(
  names: readonly string[],
  rows: readonly (readonly DbfValue[])[],
  changed: Date,
): Buffer {
  const columns = shortNames(names).map((name, index) =>
    columnOf(
      name,
      rows.map((row) => row[index] ?? null),
    ),
  );
  const header = Buffer.alloc(32);
  header[0] = 3;
  header[1] = changed.getUTCFullYear() - 1900;
  header[2] = changed.getUTCMonth() + 1;
  header[3] = changed.getUTCDate();
  header.writeUInt32LE(rows.length, 4);
  header.writeUInt16LE(32 + 32 * columns.length + 1, 8);
  header.writeUInt16LE(1 + columns.reduce((sum, { width }) => sum + width, 0), 10);
  const present = Buffer.from(' ');
  const records = rows.flatMap((row) => [
    present,
    ...columns.map((column, index) => fieldOf(row[index] ?? null, column)),
  ]);
  return Buffer.concat([
    header,
    ...columns.map(descriptorOf),
    Buffer.from([0x0d]),
    ...records,
    Buffer.from([0x1a]),
  ]);
}
