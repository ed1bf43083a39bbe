import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('#package.json') as { readonly version: string };

/** The version of Muster, from its package. */
export { version };
