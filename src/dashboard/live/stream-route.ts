import { CHANGE_TOPICS } from '../../platform/index.js';
import { ProblemError } from '../http/problem.js';
import { route } from '../routes/route.js';
import { EventStream } from './event-stream.js';

/** Streams one process serves at a time. */
const MOST_STREAMS = 500;
/** A sign of life, so that proxies keep the connection; then it is also asked whether the person may still look. */
const ALIVE_MS = 15_000;

export const streamRoutes = [
  route({
    method: 'GET',
    path: '/stream',
    summary: 'Server-sent events: `change` tells which topics changed',
    access: 'viewer',
    contentType: 'text/event-stream',
    handle: async ({ services: { feed, gate, clock }, context }) => {
      if (feed.listeners >= MOST_STREAMS)
        throw new ProblemError(503, 'RATE_LIMITED', `${MOST_STREAMS} streams are open already`);
      let stopAlive = (): void => {};
      const stream = new EventStream(() => end());
      const stopListening = feed.listen({
        changed: (event) => stream.change(event),
        closed: () => {
          stopAlive();
          stream.end();
        },
      });
      const end = (): void => {
        stopAlive();
        stopListening();
      };
      const alive = async (): Promise<void> => {
        const known = await gate.principal(context).catch(() => context.var.principal);
        if (known === undefined) {
          end();
          stream.end();
          return;
        }
        stream.comment(': alive\n\n');
        stopAlive = clock.after(ALIVE_MS, () => void alive());
      };
      stream.comment('retry: 3000\n\n');
      // Who was here before has missed we do not know what.
      if (context.req.header('last-event-id') !== undefined)
        stream.change({ topics: [...CHANGE_TOPICS], at: new Date(clock.now()).toISOString() });
      stopAlive = clock.after(ALIVE_MS, () => void alive());
      return new Response(stream.body, {
        headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
      });
    },
  }),
] as const;
