import { createDashboardClient } from 'cadasta-workertoolbox/dashboard';

/** The last twenty tasks that failed, by name. */
export async function lastFailures(url: string, token: string): Promise<readonly string[]> {
  const client = createDashboardClient({ url, token });
  const { items } = await client.get('/tasks', { query: { state: 'FAILURE', limit: 20 } });
  return items.map(({ name, id }) => `${name} ${id}`);
}
