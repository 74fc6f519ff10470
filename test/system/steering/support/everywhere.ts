import { afterAll, beforeAll, describe } from 'vitest';
import { PLACES, SteeredSystem } from './steered-system.js';

/** The tests of `body` on every broker, each with a platform of its own. */
export function everywhere(title: string, body: (system: () => SteeredSystem, broker: string) => void): void {
  for (const { name, missing, open } of PLACES) {
    describe.skipIf(missing !== undefined)(`${title} on ${name}${missing ? ` (${missing})` : ''}`, () => {
      let system: SteeredSystem | undefined;
      beforeAll(async () => {
        system = await SteeredSystem.start(await open());
      });
      afterAll(() => system?.close());
      body(() => {
        if (system === undefined) throw new Error('the platform is started before the tests run');
        return system;
      }, name);
    });
  }
}
