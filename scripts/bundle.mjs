import { readFile, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { licencesOf } from './licences.mjs';

/** Read their own files at run time, or are needed by few: they stay in node_modules and are loaded when they are asked for. */
const LEFT_OUT = ['@fastify/otel', '@grpc/proto-loader', '@grpc/reflection', '@opentelemetry/*', 'grpc-health-check'];
/** Tracing changes gRPC as it is loaded, so with it on gRPC has to be loaded from its own files. */
const TRACED = ['@grpc/grpc-js'];

const COMMON = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/**
 * Each module of ours keeps the place that it would have without a bundle, so that what it finds by `import.meta.url` (views, the wire
 * contract, the package) is where it says. The simulator is not in the bundle: it starts threads from its own files, and no agent needs it.
 */
const ownPlaces = {
  name: 'own-places',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
      const place = relative(resolve('.'), path).replace(/\.ts$/, '.js');
      const source = await readFile(path, 'utf8');
      const contents = source
        .replaceAll('import.meta.url', `__placeOf(${JSON.stringify(place)})`)
        .replaceAll(/\bimport\('(?:\.\.\/)+(sim\/.*)\.ts'\)/g, "__import('../../$1.js')");
      return { contents, loader: 'ts' };
    });
  },
};
const HELPERS = `
const __placeOf = (place) => require('node:url').pathToFileURL(require('node:path').join(__dirname, '../..', place)).href;
const __import = require('./import.cjs');
`;
/** A script that comes out of a code cache can not import by itself. */
const IMPORT = 'module.exports = (place) => import(place);\n';

/**
 * Bundles the command: `main.js`, which starts it, and `program.cjs`, which is all the rest, with a source map; and `traced.cjs`, the same for
 * who wants traces.
 *
 * @param folder where both go
 * @returns the licences of the packages in the bundle, as one text
 */
export async function bundleCommand(folder) {
  await build({ ...COMMON, entryPoints: { main: 'src/cli/launch.ts' }, format: 'esm', outdir: folder });
  const { metafile } = await bundleProgram(folder, 'program', LEFT_OUT);
  await bundleProgram(folder, 'traced', [...LEFT_OUT, ...TRACED]);
  await writeFile(`${folder}/import.cjs`, IMPORT);
  return licencesOf(Object.keys(metafile.inputs));
}

function bundleProgram(folder, name, external) {
  return build({
    ...COMMON,
    entryPoints: { [name]: 'src/cli/main.ts' },
    format: 'cjs',
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    external,
    // Of a package that comes in both forms the ES module: what is not used of it is left out.
    mainFields: ['module', 'main'],
    // As IMPORT says: what is left out is required instead.
    supported: { 'dynamic-import': false },
    banner: { js: HELPERS },
    plugins: [ownPlaces],
    sourcemap: 'linked',
    sourcesContent: false,
  });
}
