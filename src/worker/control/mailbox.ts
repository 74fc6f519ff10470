import { type Logger, messageOf, redact } from '../../base/index.js';
import { type Bus, isAddressedTo, isRecord, type ReceivedRequest } from '../../bus/index.js';
import { type CommandContext, CommandError } from './command.js';
import { commandNamed } from './commands.js';
import { errorRepr } from './python-error.js';

/** A node's end of remote control (kombu's pidbox): hears commands, obeys those meant for it, answers. */
export class Mailbox {
  readonly #bus: Bus;
  readonly #context: CommandContext;
  readonly #logger: Logger;

  constructor(bus: Bus, context: CommandContext) {
    this.#bus = bus;
    this.#context = context;
    this.#logger = context.logger;
  }

  /** Never throws. */
  readonly receive = (request: ReceivedRequest): void => {
    const { app, worker } = this.#context;
    app.lamport.adjust(request.clock);
    try {
      if (!isAddressedTo(worker.hostname, request)) return;
    } catch (error) {
      this.#logger.warn({ command: request.method, error: messageOf(error) }, 'command passed over');
      return;
    }
    void this.#obey(request).catch((error: unknown) => {
      this.#logger.warn({ command: request.method, error: messageOf(error) }, 'a reply could not be sent');
    });
  };

  async #obey(request: ReceivedRequest): Promise<void> {
    const { app, worker } = this.#context;
    const answer = await this.#answer(request);
    if (request.reply_to === null || answer === undefined) return;
    await this.#bus.reply(request.reply_to, {
      ticket: request.ticket,
      clock: app.lamport.forward(),
      body: { [worker.hostname]: answer },
    });
  }

  /** Undefined: the command is not answered at all. */
  async #answer({ method, arguments: args, sender }: ReceivedRequest): Promise<unknown> {
    const command = commandNamed(method);
    try {
      if (command === undefined) throw new CommandError('KeyError', method);
      if (command.kind === 'control') {
        this.#logger.info({ command: method, arguments: redact(args), sender }, 'remote control');
      }
      return masked(await command.run(args, this.#context));
    } catch (error) {
      this.#logger.error({ command: method, sender, error: messageOf(error) }, 'command failed');
      return { error: errorRepr(error) };
    }
  }
}

/** Secrets leave no worker by the way of an answer. */
const masked = (answer: unknown): unknown =>
  Array.isArray(answer) || isRecord(answer) ? redact(answer) : answer;
