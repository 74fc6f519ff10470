/**
 * A float as Python's `repr` writes it: both languages take the shortest digits that read back to the same number,
 * but they place the point and the exponent differently.
 */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const [mantissa = '0', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const digits = Math.abs(exponent).toString().padStart(2, '0');
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`;
  }
  if (Object.is(value, -0)) return '-0.0';
  const plain = String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}

/**
 * A JavaScript number as Python's `repr`: whole numbers up to 2^53 are ints (JavaScript cannot tell 1.0 from 1), all
 * others floats.
 */
export const pythonNumber = (value: number): string =>
  isPythonInt(value) ? String(value) : pythonFloat(value);

/** True for numbers that are written as Python ints. Beyond 2^53 a number is a float; integers there are bigint. */
export const isPythonInt = (value: number): boolean => Number.isSafeInteger(value) && !Object.is(value, -0);

/** The number, or the bigint where a number would lose digits. */
export function toInteger(value: bigint): number | bigint {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

/**
 * Longest integer that is read, in decimal digits and in bytes. Python itself refuses more than 4 300 digits in text;
 * the time to convert grows with the square of the length.
 */
export const MAX_INT_DIGITS = 20_000;
export const MAX_INT_BYTES = 8_192;

const DECIMAL = /^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?|s?nan\d*)$/i;

/** True for texts that Python's `Decimal()` takes. */
export const isDecimalText = (text: string): boolean => DECIMAL.test(text);

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** The 36-character form of 32 hexadecimal digits, with or without dashes; undefined for anything else. */
export function uuidText(text: string): string | undefined {
  const hex = text
    .toLowerCase()
    .replace(/^urn:uuid:/, '')
    .replace(/[{}-]/g, '');
  const dashed = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return UUID.test(dashed) ? dashed : undefined;
}
