import { describe, expect, it } from 'vitest';
import { connectionSettings } from '../../../src/postgres/index.js';

describe('connectionSettings', () => {
  it.each([
    'db+postgresql://worker:p%40ss@db.example:5433/cadasta',
    'db+postgresql+psycopg2://worker:p%40ss@db.example:5433/cadasta',
    'postgresql+asyncpg://worker:p%40ss@db.example:5433/cadasta',
    'postgresql://worker:p%40ss@db.example:5433/cadasta',
    'postgres://worker:p%40ss@db.example:5433/cadasta',
  ])('reads %s', (url) => {
    const { config, shown } = connectionSettings(url, 'result_backend');
    expect(config.connectionString).toBe('postgresql://worker:p%40ss@db.example:5433/cadasta');
    expect(shown).not.toContain('p%40ss');
  });

  it('keeps the parameters of libpq', () => {
    const { config } = connectionSettings(
      'db+postgresql://h/n?sslmode=require&application_name=export',
      'result_backend',
    );
    expect(config).toMatchObject({
      application_name: 'export',
      connectionString: expect.stringContaining('sslmode=require'),
    });
  });

  it.each(['db+sqlite:///results.db', 'db+mysql://h/n', 'redis://h', 'postgresql://a b:c@/x', ''])(
    'refuses %s',
    (url) => {
      expect(() => connectionSettings(url, 'result_backend')).toThrowError(
        expect.objectContaining({ code: 'CONFIG_INVALID' }),
      );
    },
  );

  it('does not show the password in its error', () => {
    expect(() => connectionSettings('mysql://worker:hunter2@h/n', 'result_backend')).toThrow(
      /^(?!.*hunter2)/s,
    );
  });
});
