import { deferred } from '../../../../src/base/index.js';

/** Where tasks wait until a test lets them go on. */
export class Gate {
  readonly #opened = deferred();

  open(): void {
    this.#opened.resolve();
  }

  async pass(): Promise<void> {
    await this.#opened.promise;
  }
}
