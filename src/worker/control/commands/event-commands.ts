import { SOFTWARE } from '../../../remote/index.js';
import { textArgument } from '../arguments.js';
import { type Command, type CommandContext, nok, ok } from '../command.js';

/** Seconds a heartbeat asked for says it comes at: Celery's own number. */
const ASKED_FREQ = 5;

export const eventCommands: readonly Command[] = [
  {
    name: 'enable_events',
    kind: 'control',
    help: 'Send task events.',
    run: (_, context) => switchEvents(context, true),
  },
  {
    name: 'disable_events',
    kind: 'control',
    help: 'Stop sending task events.',
    run: (_, context) => switchEvents(context, false),
  },
  {
    name: 'heartbeat',
    kind: 'control',
    help: 'Send a heartbeat now.',
    run: (_, { events }) => {
      events?.send('worker-heartbeat', { freq: ASKED_FREQ, ...SOFTWARE });
      return null;
    },
  },
  {
    name: 'election',
    kind: 'control',
    hidden: true,
    help: 'Choose one of the workers for an action.',
    run: (args, { neighbours }) => {
      neighbours.election(textArgument(args, 'id'), textArgument(args, 'topic'), args.action ?? null);
      return null;
    },
  },
];

function switchEvents({ events }: CommandContext, on: boolean): unknown {
  if (events === undefined) return nok('event dispatcher unavailable');
  const word = on ? 'enabled' : 'disabled';
  return ok(events.enable('task', on) ? `task events ${word}` : `task events already ${word}`);
}
