import { ACTIONS, type ActionItem, type ActionName } from '../../platform/index.js';
import { act } from '../routes/action-routes.js';
import { checkRole } from '../routes/serve-route.js';
import { type FlowerRequest, flowerError, flowerJson } from './flower-request.js';

/** One action on a worker that is there; 404 for others, 403 with the reason when it refuses. */
export async function steerWorker(
  request: FlowerRequest,
  action: ActionName,
  parameters: object,
  { worker = request.target, failed, done }: { worker?: string; failed: string; done?: string },
): Promise<Response> {
  if (!(await request.services.inspector.knows(worker))) throw flowerError(404, `Unknown worker '${worker}'`);
  const item = await actOnce(request, action, worker, parameters);
  if (item.outcome !== 'done') throw flowerError(403, `${failed}: ${item.message}`);
  return flowerJson({ message: done ?? item.message });
}

/** The outcome for one target. @throws FORBIDDEN */
export async function actOnce(
  request: FlowerRequest,
  action: ActionName,
  target: string,
  parameters: object,
): Promise<ActionItem> {
  checkRole(request.who, ACTIONS[action]);
  const { items } = await act(request.services, action, [target], parameters, request.who);
  const [item] = items;
  if (item === undefined) throw flowerError(503, `${action}: nothing was reported`);
  return item;
}
