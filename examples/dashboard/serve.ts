import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createDashboard } from 'cadasta-workertoolbox/dashboard';

/** A server of your own with the page at `/board`; your program says who signs in. */
export function serveBoard(
  database: string,
  userOf: (request: IncomingMessage) => string | undefined,
): Server {
  const dashboard = createDashboard({
    database,
    urlPrefix: '/board',
    signIn: (request) => {
      const user = userOf(request);
      return user === undefined ? undefined : { user, role: 'operator' };
    },
  });
  return createServer(dashboard.handler).on('close', () => void dashboard.close());
}
