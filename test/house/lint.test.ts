import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('the lint rules', () => {
  let eslint: ESLint;
  beforeAll(() => {
    eslint = new ESLint({ cwd: root });
  });

  /** The rules that `text` breaks, when it stands in place of an existing file: rules with types need one. */
  async function broken(file: string, text: string): Promise<string[]> {
    const [result] = await eslint.lintText(text, { filePath: `${root}${file}` });
    return result!.messages.map(({ ruleId, message }) => ruleId ?? message);
  }

  const SRC = 'src/base/ids.ts';
  const TEST = 'test/support/python.ts';

  it.each([
    [
      'a promise nobody waits for',
      'async function f(): Promise<void> {}\nf();',
      '@typescript-eslint/no-floating-promises',
    ],
    [
      'a promise where none is expected',
      '[1].forEach(async () => {});',
      '@typescript-eslint/no-misused-promises',
    ],
    ['any', 'export const a: any = 1;', '@typescript-eslint/no-explicit-any'],
    [
      'a rule turned off without a reason',
      '// eslint-disable-next-line @typescript-eslint/no-explicit-any\nexport const a: any = 1;',
      'comments/require-description',
    ],
    [
      'a switch that forgets a case',
      "export function f(k: 'a' | 'b'): void {\n switch (k) {\n case 'a':\n return;\n }\n}",
      '@typescript-eslint/switch-exhaustiveness-check',
    ],
    [
      'a non-null assertion',
      'export const f = (a?: string): string => a!;',
      '@typescript-eslint/no-non-null-assertion',
    ],
    [
      'a type imported as a value',
      "import { URL } from 'node:url';\nexport type A = URL;",
      '@typescript-eslint/consistent-type-imports',
    ],
    ['console', "console.log('a');", 'no-console'],
    ['process.exit', 'process.exit(1);', 'no-restricted-properties'],
    ['process.env', 'export const a = process.env.A;', 'no-restricted-properties'],
    [
      'the environment by import',
      "import { env } from 'node:process';\nexport const a = env.A;",
      'no-restricted-imports',
    ],
    ['test tools', "import { it } from 'vitest';\nexport const a = it;", 'no-restricted-imports'],
  ])('find %s in src', async (_, text, rule) => expect(await broken(SRC, text)).toEqual([rule]));

  it('let pass what has a reason', async () => {
    const text =
      '// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the driver has no types here\nexport const a: any = 1;\n';
    expect(await broken(SRC, text)).toEqual([]);
  });

  it('let tests assert and read the environment', async () => {
    expect(await broken(TEST, 'export const f = (a?: string): string => a! + process.env.A;')).toEqual([]);
  });
});
