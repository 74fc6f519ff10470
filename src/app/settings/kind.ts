import { z } from 'zod';

/** A type of value: how it is checked, and how an error calls it. */
export interface Kind<Out, In = Out> {
  readonly schema: z.ZodType<Out, In>;
  readonly expects: string;
}

/** One setting of the catalogue: the type, the validation, the default and the documentation all derive from it. */
export interface Setting<Out, In = Out> extends Kind<Out, In> {
  readonly default: Out;
  readonly doc: string;
}

export const kind = <Out, In = Out>(schema: z.ZodType<Out, In>, expects: string): Kind<Out, In> => ({
  schema,
  expects,
});

/** A setting with a default of its own. */
export const setting = <Out, In>(
  { schema, expects }: Kind<Out, In>,
  fallback: NoInfer<Out>,
  doc: string,
): Setting<Out, In> => ({ schema, expects, default: fallback, doc });

/** A setting that is null unless it is set (Celery's None). */
export const unset = <Out, In>(
  { schema, expects }: Kind<Out, In>,
  doc: string,
): Setting<Out | null, In | null> => ({
  schema: schema.nullable(),
  expects: `${expects}, or null`,
  default: null,
  doc,
});

export const bool = kind(z.boolean(), 'true or false');
export const text = kind(z.string(), 'a string');
export const integer = kind(z.int(), 'a whole number');
export const count = kind(z.int().min(0), 'a whole number, 0 or more');
export const seconds = kind(z.number().min(0), 'a number of seconds, 0 or more');
export const names = kind(z.array(z.string()).readonly(), 'a list of strings');
export const mapping = kind(z.record(z.string(), z.unknown()).readonly(), 'a mapping');
export const anything = kind(z.unknown(), 'any value');

export const oneOf = <const V extends readonly [string, ...string[]]>(...values: V): Kind<V[number]> =>
  kind(z.enum(values) as unknown as z.ZodType<V[number], V[number]>, `one of ${values.join(', ')}`);
