const MASK = '********';
const SECRET_KEY = /pass|secret|token|api_?key|access_?key|credential|dsn|authorization|cookie|signature/i;

/** True for names whose values are never shown. */
export const isSecretKey = (key: string): boolean => SECRET_KEY.test(key);

/** A URL (or any text with URLs in it) with passwords in the authority part and secret query values masked. */
export function maskUrl(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s:/@?#]*):[^\s/?#]*@/gi, `$1:${MASK}@`)
    .replace(/([?&][^=&\s]*(?:pass|secret|token|key)[^=&\s]*=)[^&\s#]+/gi, `$1${MASK}`);
}

/** A deep copy fit for showing: values of secret keys and passwords inside URLs are masked. */
export function redact(value: unknown, key = ''): unknown {
  if (
    value !== null &&
    value !== undefined &&
    value !== '' &&
    typeof value !== 'function' &&
    isSecretKey(key)
  ) {
    return MASK;
  }
  if (typeof value === 'string') return maskUrl(value);
  if (Array.isArray(value)) return value.map((item) => redact(item));
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redact(item, name)]));
  }
  return value;
}
