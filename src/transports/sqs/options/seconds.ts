import { z } from 'zod';

/** Whole seconds within bounds; a number in a string and a fraction are taken as kombu takes them. */
export const seconds = (from: number, to: number) => {
  const error = `expected a whole number of seconds from ${from} to ${to}`;
  return z.preprocess(
    (value) => (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Math.trunc(Number(value)) : value),
    z.number({ error }).transform(Math.trunc).pipe(z.number().min(from, { error }).max(to, { error })),
  );
};
