import { maskUrl, ToolboxError } from '../base/index.js';

/**
 * PostgreSQL's own form of the URLs Celery and SQLAlchemy take (`db+postgresql://`, with or without a Python driver's name as
 * in `db+postgresql+psycopg2://`; `postgresql://`, `postgres://`). Query parameters are libpq's.
 *
 * @param setting What the URL was given as, for the error.
 * @throws CONFIG_INVALID
 */
export function connectionString(url: string, setting: string): string {
  const match = /^(?:db\+)?postgres(?:ql)?(?:\+\w+)?:\/\/(.*)$/s.exec(url);
  const plain = `postgresql://${match?.[1] ?? ''}`;
  if (match !== null && URL.canParse(plain)) return plain;
  throw new ToolboxError(
    'CONFIG_INVALID',
    `${setting} is not the URL of a PostgreSQL database: ${maskUrl(url)}. Expected db+postgresql://user:password@host:port/name, ` +
      'with reserved characters in user and password percent-encoded',
    { fields: { setting } },
  );
}
