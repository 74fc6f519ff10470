/** How long a case waits for something that must happen. Nothing sleeps this long when all is well. */
export const PATIENCE_MS = 20_000;

/** The promise, or an error that says what did not happen. */
export async function patiently<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`did not happen: ${what}`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
