import { maskUrl, ToolboxError } from '../../../base/index.js';

/** What an `sqs://` URL says. */
export interface SqsAddress {
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  /** `host[:port]` of a service other than AWS's own. */
  readonly host?: string;
}

// Not the URL class: it refuses credentials without a host, which is Celery's usual form.
const FORM = /^sqs:\/\/(?:([^:@/]*)(?::([^@]*))?@)?([^/?#@]*)(?:[/?#].*)?$/;

/**
 * Reads `sqs://`, `sqs://key:secret@` (credentials only) and `sqs://key:secret@host:port` (another service).
 * Key and secret are URL-encoded. Throws CONFIG_INVALID.
 */
export function parseSqsUrl(url: string): SqsAddress {
  const found = FORM.exec(url);
  try {
    const [key, secret] = [decode(found?.[1]), decode(found?.[2])];
    if (found && (key === undefined) === (secret === undefined)) {
      return {
        ...(key === undefined ? {} : { accessKeyId: key }),
        ...(secret === undefined ? {} : { secretAccessKey: secret }),
        ...(found[3] ? { host: found[3] } : {}),
      };
    }
  } catch {
    // A stray percent sign: said below.
  }
  throw new ToolboxError(
    'CONFIG_INVALID',
    `broker_url: expected sqs://, sqs://key:secret@ or sqs://key:secret@host:port with key and secret URL-encoded, ` +
      `got "${maskUrl(url)}"`,
    { fields: { setting: 'broker_url' } },
  );
}

const decode = (text: string | undefined): string | undefined =>
  text === undefined || text === '' ? undefined : decodeURIComponent(text);
