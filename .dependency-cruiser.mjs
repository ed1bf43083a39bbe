/**
 * The import table of the architecture page as rules. `values` may be imported whole; of `types` only `import type` is allowed, so that
 * nothing of them is left at run time. A folder with `packages` is pure: outside src it may import those npm packages and nothing
 * else, no `node:` module either.
 *
 * @type {Readonly<Record<string, { values: string[], types?: string[], files?: string[], packages?: string[] }>>}
 */
const TABLE = {
  base: { values: [], packages: ['pure-rand'] },
  store: { values: ['base'], packages: [] },
  gossip: { values: ['base', 'store'], packages: [] },
  wire: { values: ['base', 'store'], types: ['gossip'] },
  // The defaults of the protocol's numbers stand where the protocol is; this one file of them is read as values.
  config: { values: ['base'], types: ['gossip'], files: ['gossip/config.ts'] },
  observability: { values: ['base', 'config'], types: ['gossip'] },
  node: { values: ['base', 'store', 'gossip', 'wire', 'config', 'observability'] },
  http: { values: ['base', 'config', 'observability'], types: ['store', 'gossip'] },
  cli: { values: ['base', 'store', 'gossip', 'wire', 'config', 'observability', 'node', 'http'] },
};

const folders = (names) => names.map((name) => `^src/${name}/`);
const escaped = (path) => path.replaceAll('.', '\\.');

function rulesOf([name, { values, types = [], files = [], packages }]) {
  const from = { path: `^src/${name}/` };
  const inTable = {
    name: `${name}-imports-by-the-table`,
    comment: `${name} imports from src only: ${[...values, ...types.map((type) => `${type}'s types`)].join(', ') || 'nothing'}.`,
    severity: 'error',
    from,
    to: { path: '^src/', pathNot: folders([name, ...values, ...types]) },
  };
  const onlyTypes = {
    name: `${name}-imports-types-only`,
    comment: `${name} takes from ${types.join(' and ')} nothing but types: write "import type".`,
    severity: 'error',
    from,
    to: {
      path: folders(types),
      pathNot: files.map((file) => `^src/${escaped(file)}$`),
      dependencyTypesNot: ['type-only'],
    },
  };
  const pure = {
    name: `${name}-is-pure`,
    comment: `${name} holds no input, output or clock: outside src it imports only ${packages?.join(', ') || 'nothing'}.`,
    severity: 'error',
    from,
    to: { pathNot: ['^src/', ...(packages ?? []).map((allowed) => `^node_modules/${allowed}/`)] },
  };
  return [inTable, ...(types.length > 0 ? [onlyTypes] : []), ...(packages === undefined ? [] : [pure])];
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...Object.entries(TABLE).flatMap(rulesOf),
    {
      name: 'src-has-no-other-folder',
      comment: 'A folder of src must stand in the import table before it may import anything.',
      severity: 'error',
      from: { path: '^src/', pathNot: folders(Object.keys(TABLE)) },
      to: {},
    },
    {
      name: 'src-stands-alone',
      comment: 'What ships never imports what tests or measures it.',
      severity: 'error',
      from: { path: '^(?:src|sim)/' },
      to: { path: '^(?:test|bench|scripts|examples)/' },
    },
    {
      name: 'only-the-command-simulates',
      comment: 'The simulator is a command of its own: nothing else of what ships knows of it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^sim/' },
    },
    {
      name: 'sim-drives-the-core-only',
      comment:
        'The simulator imports base, store, gossip, wire and config: the shell would bring real time and real sockets.',
      severity: 'error',
      from: { path: '^sim/' },
      to: { path: '^(?:src|test)/', pathNot: folders(['base', 'store', 'gossip', 'wire', 'config']) },
    },
    {
      name: 'sim-has-no-network',
      comment: 'The simulated network is made of values.',
      severity: 'error',
      from: { path: '^sim/' },
      to: {
        path: [
          '^node_modules/(?:@grpc|grpc-health-check|fastify|@fastify)/',
          '^(?:node:)?(?:dgram|dns|http|http2|https|net|tls)(?:/|$)',
        ],
      },
    },
    {
      name: 'no-circular',
      comment: 'Modules that need each other are one module, or miss a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A module that nobody imports and that imports nobody is dead or unfinished.',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$', '^src/cli/main\\.ts$', '^test/.*\\.test\\.ts$'] },
      to: {},
    },
    {
      name: 'no-dev-dependency-in-src',
      comment: 'The image has production packages only.',
      severity: 'error',
      from: { path: '^(?:src|sim)/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'no-unlisted-package',
      comment: 'A package that package.json does not name is there by chance.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that leads nowhere fails at run time.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
