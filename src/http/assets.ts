import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';

/** Beside this file in the sources as in the build. */
const FOLDER = fileURLToPath(new URL('./assets', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The styles, scripts and the mark of the pages, read once. */
const files = readdirSync(FOLDER)
  .toSorted()
  .map((name) => ({
    name,
    type: TYPES[extname(name)] ?? 'application/octet-stream',
    bytes: readFileSync(`${FOLDER}/${name}`),
  }));

/** The folder that the assets are served from. Its name changes with any of them, so a browser may keep them for good. */
export const ASSETS_PATH = `/assets/${fingerprint()}`;

/** Serves the assets to browsers. */
export function registerAssets(app: FastifyInstance): void {
  for (const { name, type, bytes } of files) {
    app.get(`${ASSETS_PATH}/${name}`, { schema: { hide: true } }, async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=31536000, immutable').type(type).send(bytes),
    );
  }
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const { name, bytes } of files) hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex').slice(0, 12);
}
