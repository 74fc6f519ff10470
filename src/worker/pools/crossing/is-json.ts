/** What is nested deeper is none of the values that are written often. */
const MAX_DEPTH = 32;

/** True when JSON text gives the very same value back. Says no to what it would have to look at for long. */
export function isJson(value: unknown, depth = MAX_DEPTH): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object':
      return value === null || (depth > 0 && isJsonObject(value, depth - 1));
    default:
      return false;
  }
}

function isJsonObject(value: object, depth: number): boolean {
  if (Array.isArray(value)) {
    // By index: a hole is undefined.
    for (let i = 0; i < value.length; i += 1) if (!isJson(value[i], depth)) return false;
    return true;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key of Object.keys(value))
    if (!isJson((value as Record<string, unknown>)[key], depth)) return false;
  return true;
}
