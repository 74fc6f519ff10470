import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../src/embedded/postgres/index.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's URL of the PostgreSQL server of this test run. */
    postgresUrl: string;
  }
}

/** One PostgreSQL server for the whole run: the one named by `WORKERTOOLBOX_TEST_POSTGRES_URL`, else our own. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env.WORKERTOOLBOX_TEST_POSTGRES_URL;
  if (given !== undefined) {
    project.provide('postgresUrl', given);
    return undefined;
  }
  const server = await startPostgres();
  project.provide('postgresUrl', server.url);
  return () => server.stop();
}
