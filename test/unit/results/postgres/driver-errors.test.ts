import { describe, expect, it } from 'vitest';
import { spoilsConnection, verdictOf } from '../../../../src/postgres/index.js';
import { translated } from '../../../../src/results/postgres/translated.js';

const withCode = (code: string): Error => Object.assign(new Error('told by the server'), { code });

describe('verdictOf', () => {
  it.each([
    ...[
      '57P01',
      '57P02',
      '57P03',
      '08006',
      '08001',
      '53300',
      '53100',
      '40P01',
      '40001',
      '57014',
      '55P03',
      '58030',
    ],
    ...['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'],
  ])('%s passes', (code) => expect(verdictOf(withCode(code))).toBe('transient'));

  it.each(['28P01', '28000', '3D000', '42P01', '42501', '42P10', '25006', '42703'])('%s stays', (code) => {
    expect(verdictOf(withCode(code))).toBe('refused');
  });

  it.each(['22021', '22001', '23502', '54000'])('%s is about the values', (code) => {
    expect(verdictOf(withCode(code))).toBe('data');
  });

  it('an error without code comes from the connection', () => {
    expect(verdictOf(new Error('Connection terminated unexpectedly'))).toBe('transient');
    expect(spoilsConnection(new Error('Query read timeout'))).toBe(true);
  });

  it('a value the driver cannot send does not cost the connection', () => {
    const error = Object.assign(new RangeError('offset'), { code: 'ERR_OUT_OF_RANGE' });
    expect([verdictOf(error), spoilsConnection(error)]).toEqual(['data', false]);
  });
});

describe('translated', () => {
  it('says what was tried, where, and what to do', () => {
    const error = translated(withCode('42P01'), 'store the result of task a', 'postgresql://w:********@h/n');
    expect(error.code).toBe('RESULT_BACKEND_REFUSED');
    expect(error.message).toBe(
      'postgresql://w:********@h/n refused to store the result of task a: told by the server (42P01). What to do: create the ' +
        'result tables (workertoolbox migrate), or correct database_table_schemas and database_table_names',
    );
  });

  it('leaves an error of ours as it is', () => {
    const ours = translated(withCode('42501'), 'x', 'y');
    expect(translated(ours, 'z', 'y')).toBe(ours);
  });
});
