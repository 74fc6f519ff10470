import { describe, expect, test } from 'vitest';
import { startHere } from './support/cli.js';
import { canTrace, NO_TRACE, trace } from './support/processes.js';

describe.skipIf(!canTrace())(
  `ending the demo${canTrace() ? '' : ` (${NO_TRACE})`}`,
  { timeout: 90_000 },
  () => {
    test.each([
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const)('%s in the middle ends everything', async (signal, code) => {
      const { env, folder, running, expectNothingLeft } = await trace();
      const demo = startHere(['demo', '--pace', '200'], { env, cwd: folder });
      await demo.line(/export.part \w+ +PROGRESS/);
      expect(running().some((line) => line.includes('postgres'))).toBe(true);
      demo.kill(signal);
      expect(await demo.ended).toMatchObject({ code, err: `workertoolbox: stopped by ${signal}\n` });
      await expectNothingLeft();
    });

    test('SIGTERM at the very beginning ends everything too', async () => {
      const { env, folder, expectNothingLeft } = await trace();
      const demo = startHere(['demo'], { env, cwd: folder });
      await demo.line(/^1. Starting/);
      demo.kill('SIGTERM');
      expect(await demo.ended).toMatchObject({ code: 143 });
      await expectNothingLeft();
    });

    test('killed without a chance to clean up, its programs and its database end by themselves', async () => {
      const { env, folder, running, expectNothingLeft } = await trace();
      const demo = startHere(['demo', '--pace', '200'], { env, cwd: folder });
      await demo.line(/export.part \w+ +PROGRESS/);
      expect(running().length).toBeGreaterThanOrEqual(4);
      demo.kill('SIGKILL');
      await expectNothingLeft();
    });
  },
);
