interface Resolved {
  readonly url: string;
  readonly format?: string | null | undefined;
}

type Next<R> = (specifier: string, context: unknown) => R;

/**
 * Loader hook: TypeScript is written with `import`, also where package.json says CommonJS or, as most, nothing. Answers in
 * the manner of the next hook: with a promise in Node's loader thread, without in the main thread.
 */
export function resolve<R extends Resolved | Promise<Resolved>>(
  specifier: string,
  context: unknown,
  next: Next<R>,
): R {
  const found = next(specifier, context);
  return (found instanceof Promise ? found.then(asModule) : asModule(found)) as R;
}

const asModule = (found: Resolved): Resolved =>
  found.format === 'commonjs' && /\.tsx?(\?|$)/.test(found.url) ? { ...found, format: 'module' } : found;
