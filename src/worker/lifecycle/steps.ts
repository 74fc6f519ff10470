import { illegalCall, type Logger, messageOf, type StopOptions } from '../../base/index.js';

/** What a step gives when it is up. */
export interface StepUp<T> {
  /** What later steps may use. */
  readonly provides: T;
  /** Takes the step down. Whatever it throws is logged; the others still go down. */
  stop?(options: StopOptions): Promise<void>;
  /** Facts for `inspect`. */
  info?(): Readonly<Record<string, unknown>>;
}

/** A worker is a list of named steps: brought up in order, each with what the earlier ones provide, and taken down in reverse. */
export class Steps {
  readonly #logger: Logger;
  readonly #up: { readonly name: string; readonly step: StepUp<unknown> }[] = [];

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  async up<T>(name: string, start: () => StepUp<T> | Promise<StepUp<T>>): Promise<T> {
    if (this.#up.some((other) => other.name === name)) throw illegalCall(`step ${name}`, 'already up');
    const step = await start();
    this.#up.push({ name, step });
    this.#logger.debug({ step: name }, 'step is up');
    return step.provides;
  }

  async down(options: StopOptions = {}): Promise<void> {
    for (let last = this.#up.pop(); last !== undefined; last = this.#up.pop()) {
      try {
        await last.step.stop?.(options);
        this.#logger.debug({ step: last.name }, 'step is down');
      } catch (error) {
        this.#logger.error({ step: last.name, error: messageOf(error) }, 'step did not go down in order');
      }
    }
  }

  info(): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
    return Object.fromEntries(this.#up.map(({ name, step }) => [name, step.info?.() ?? {}]));
  }
}
