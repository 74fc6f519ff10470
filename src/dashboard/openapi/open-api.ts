import { z } from 'zod';
import { problem } from '../http/problem.js';
import type { Route } from '../routes/route.js';
import { ROUTES } from '../routes/routes.js';
import { STALE_HEADER } from '../routes/serve-route.js';

type Schema = z.core.JSONSchema.BaseSchema;

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Schema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
};

/** The whole API as OpenAPI 3.1, made from the routes themselves. */
export function openApi(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of ROUTES as readonly Route[]) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'workertoolbox dashboard',
      version: '1',
      description:
        'Times are ISO 8601 in UTC. Lists are read by `next`, which is opaque. Errors are RFC 9457 problems.',
    },
    servers: [{ url: '/api/v1' }],
    paths,
    components: {
      schemas: { Problem: schemaOf(problem, 'output') },
      responses: {
        Problem: {
          description: 'It did not work; `code` says why',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        password: { type: 'http', scheme: 'basic' },
        session: { type: 'apiKey', in: 'cookie', name: 'workertoolbox_session' },
      },
    },
  };
}

function operationOf(route: Route): object {
  const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name);
  return {
    summary: route.summary,
    description: route.access === 'anyone' ? 'For anyone.' : `For the role ${route.access} and above.`,
    security: route.access === 'anyone' ? [] : [{ token: [] }, { password: [] }, { session: [] }],
    parameters: [
      ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...queryParameters(route.query),
      ...(route.path.startsWith('/actions/')
        ? [{ name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string' } }]
        : []),
    ],
    ...(route.body !== undefined && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
      },
    }),
    responses: { 200: answerOf(route), default: { $ref: '#/components/responses/Problem' } },
  };
}

function queryParameters(query: z.ZodType | undefined): object[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(query, 'input');
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function answerOf({ answer, contentType = 'application/json', keep }: Route): object {
  const schema = answer === undefined ? { type: 'string' } : schemaOf(answer, 'output');
  return {
    description: answer === undefined ? 'A stream' : 'The answer',
    ...(keep === true && {
      headers: {
        [STALE_HEADER]: {
          description:
            'The database is away: the answer is of that time, which the field `stale.since` says too',
          schema: { type: 'string', format: 'date-time' },
        },
      },
    }),
    content: { [contentType]: { schema } },
  };
}
