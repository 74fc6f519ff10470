import { readFile, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DashboardContext } from '../http/environment.js';
import { notFound } from '../http/problem.js';

/** Where the build puts the page. */
export const WEB_ROOT = fileURLToPath(new URL('../web/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webmanifest': 'application/manifest+json',
};
const FOR_EVER = 'public, max-age=31536000, immutable';
/** Names with a hash in them: another content has another name. */
const HASHED = /^\/assets\//;

/** Serves the built page: its files as they are, and its start for every path that is a view. */
export function staticFiles(root: string) {
  return async (c: DashboardContext): Promise<Response> => {
    const path = safePath(c.req.path);
    const file = path === undefined || path === '/' ? undefined : await fileAt(root, path);
    if (file !== undefined && path !== undefined) {
      return new Response(new Uint8Array(file), {
        headers: {
          'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
          'cache-control': HASHED.test(path) ? FOR_EVER : 'no-cache',
        },
      });
    }
    if (path === undefined || extname(path) in TYPES || HASHED.test(path))
      throw notFound('there is no such file');
    const index = await fileAt(root, '/index.html');
    return index === undefined ? notBuilt(c) : startPage(index.toString('utf8'), c.var.client.prefix);
  };
}

/** Built with relative addresses, the page is told where it lives: views are deeper than its start. */
function startPage(html: string, prefix: string): Response {
  const placed = html
    .replaceAll(/\b(src|href)="\.\//g, `$1="${prefix}/`)
    .replace(/<html\b/, `<html data-prefix="${prefix}"`);
  return new Response(placed, {
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
  });
}

const notBuilt = ({ var: { client } }: DashboardContext): Response =>
  new Response(
    `The page of this dashboard was not built (npm run build). Its API is at ${client.prefix}/api/v1, described by ${client.prefix}/api/v1/openapi.json.\n`,
    { headers: { 'content-type': 'text/plain; charset=utf-8' } },
  );

/** Undefined for what would leave the folder or cannot be a name in it. */
function safePath(path: string): string | undefined {
  if (!/^\/[\w./@%:+~=,!$&'()*;-]*$/.test(path) || path.split('/').includes('..')) return undefined;
  return path.replaceAll(/\/{2,}/g, '/');
}

async function fileAt(root: string, path: string): Promise<Buffer | undefined> {
  const full = join(root, path);
  if (!full.startsWith(root.endsWith(sep) ? root : root + sep)) return undefined;
  try {
    return (await stat(full)).isFile() ? await readFile(full) : undefined;
  } catch {
    return undefined;
  }
}
