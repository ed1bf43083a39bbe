/** The tools of `npm run check` that guard the core. */
export type Tool = 'types' | 'lint' | 'boundaries';

/** One thing that a tool reports: in which file, and its words with the rule's name. */
export interface Finding {
  readonly tool: Tool;
  readonly file: string;
  readonly says: string;
}

export interface Planted {
  readonly what: string;
  readonly file: string;
  readonly code: string;
  /** What each tool has to say; a tool that is not named is not expected to see it. */
  readonly expected: Partial<Record<Tool, RegExp>>;
}

/** Clocks, chance, input, output and promises. None of these files brings Node's types along: the compiler must miss them. */
export const IMPURE: readonly Planted[] = [
  {
    what: 'Date.now()',
    file: 'src/gossip/p-now.ts',
    code: 'export const x = Date.now();',
    expected: { lint: /'Date'/ },
  },
  {
    what: 'new Date()',
    file: 'src/store/p-date.ts',
    code: 'export const x = new Date();',
    expected: { lint: /'Date'/ },
  },
  {
    what: 'a clock behind globalThis',
    file: 'src/gossip/p-global.ts',
    code: 'export const x = globalThis.Date.now();',
    expected: { lint: /'globalThis'/ },
  },
  {
    what: 'Math.random()',
    file: 'src/gossip/p-random.ts',
    code: 'export const x = Math.random();',
    expected: { lint: /Math\.random/ },
  },
  {
    what: 'Math.random taken apart',
    file: 'src/base/p-random.ts',
    code: 'export const { random } = Math;',
    expected: { lint: /Math\.random/ },
  },
  {
    what: 'setTimeout',
    file: 'src/gossip/p-timer.ts',
    code: 'export const x = setTimeout(() => 1, 2);',
    expected: { lint: /'setTimeout'/, types: /'setTimeout'/ },
  },
  {
    what: 'queueMicrotask',
    file: 'src/store/p-microtask.ts',
    code: 'export const x = queueMicrotask;',
    expected: { lint: /'queueMicrotask'/, types: /'queueMicrotask'/ },
  },
  {
    what: 'performance',
    file: 'src/gossip/p-performance.ts',
    code: 'export const x = performance.now();',
    expected: { lint: /'performance'/, types: /'performance'/ },
  },
  {
    what: 'process',
    file: 'src/base/p-process.ts',
    code: 'export const x = process.pid;',
    expected: { lint: /'process'/, types: /'process'/ },
  },
  {
    what: 'crypto',
    file: 'src/base/p-crypto.ts',
    code: 'export const x = crypto.randomUUID();',
    expected: { lint: /'crypto'/, types: /'crypto'/ },
  },
  {
    what: 'console.log',
    file: 'src/gossip/p-console.ts',
    code: "console.log('x');\nexport const x = 1;",
    expected: { lint: /'console'/, types: /'console'/ },
  },
  {
    what: 'new Promise',
    file: 'src/gossip/p-promise.ts',
    code: 'export const x = new Promise(() => 1);',
    expected: { lint: /'Promise'/ },
  },
  {
    what: 'the Promise type',
    file: 'src/store/p-promise-type.ts',
    code: 'export type X = Promise<number>;',
    expected: { lint: /`Promise` as a type/ },
  },
  {
    what: 'async',
    file: 'src/gossip/p-async.ts',
    code: 'export const x = async () => 1;',
    expected: { lint: /async is not allowed/ },
  },
  {
    what: 'node:fs',
    file: 'src/gossip/p-fs.ts',
    code: "export { readFileSync } from 'node:fs';",
    expected: { types: /'node:fs'/, boundaries: /gossip-is-pure.* fs/ },
  },
  {
    what: 'a type of node:net',
    file: 'src/base/p-net.ts',
    code: "import type { Socket } from 'node:net';\nexport type X = Socket;",
    expected: { types: /'node:net'/, boundaries: /base-is-pure.* net/ },
  },
  {
    what: 'a built-in asked for at run time',
    file: 'src/store/p-import.ts',
    code: "export const x = () => import('node:os');",
    expected: { types: /'node:os'/, boundaries: /store-is-pure.* os/ },
  },
];

/** Imports against the table. Some of these bring Node's types into the program, so the compiler has to run before they are there. */
export const CROSSING: readonly Planted[] = [
  {
    what: 'pino',
    file: 'src/base/p-pino.ts',
    code: "export { pino } from 'pino';",
    expected: { boundaries: /base-is-pure.*node_modules\/pino/ },
  },
  {
    what: 'pure-rand, past base',
    file: 'src/gossip/p-rand.ts',
    code: "export { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';",
    expected: { boundaries: /gossip-is-pure.*pure-rand/ },
  },
  {
    what: 'base from store',
    file: 'src/base/p-store.ts',
    code: "export { RecordStore } from '../store/record-store.ts';",
    expected: { boundaries: /base-imports-by-the-table.*src\/store/ },
  },
  {
    what: 'store from gossip',
    file: 'src/store/p-gossip.ts',
    code: "export type { Input } from '../gossip/input.ts';",
    expected: { boundaries: /store-imports-by-the-table.*src\/gossip/ },
  },
  {
    what: 'gossip from node',
    file: 'src/gossip/p-node.ts',
    code: "export { shell } from '../node/shell.ts';",
    expected: { boundaries: /gossip-imports-by-the-table.*src\/node/ },
  },
  {
    what: "gossip's values from wire",
    file: 'src/wire/p-value.ts',
    code: "export { DEFAULT_GOSSIP_CONFIG } from '../gossip/config.ts';",
    expected: { boundaries: /wire-imports-types-only.*src\/gossip\/config/ },
  },
  {
    what: "gossip's values from config",
    file: 'src/config/p-value.ts',
    code: "export { x } from '../gossip/p-now.ts';",
    expected: { boundaries: /config-imports-types-only.*src\/gossip\/p-now/ },
  },
  {
    what: "gossip's values from observability",
    file: 'src/observability/p-value.ts',
    code: "export { DEFAULT_GOSSIP_CONFIG } from '../gossip/config.ts';",
    expected: { boundaries: /observability-imports-types-only.*src\/gossip/ },
  },
  {
    what: "store's values from http",
    file: 'src/http/p-value.ts',
    code: "export { RecordStore } from '../store/record-store.ts';",
    expected: { boundaries: /http-imports-types-only.*src\/store/ },
  },
  {
    what: 'an import of types that stays as an empty one',
    file: 'src/http/p-empty.ts',
    code: "import { type Input } from '../gossip/input.ts';\nexport type X = Input;",
    expected: { lint: /no-import-type-side-effects/ },
  },
  {
    what: 'node from http',
    file: 'src/http/p-node.ts',
    code: "export { shell } from '../node/shell.ts';",
    expected: { boundaries: /http-imports-by-the-table.*src\/node/ },
  },
  {
    what: 'http from node',
    file: 'src/node/p-http.ts',
    code: "export type { X } from '../http/p-empty.ts';",
    expected: { boundaries: /node-imports-by-the-table.*src\/http/ },
  },
  {
    what: 'a folder that the table does not know',
    file: 'src/extra/p-base.ts',
    code: "export { invariant } from '../base/invariant.ts';",
    expected: { boundaries: /src-has-no-other-folder/ },
  },
  {
    what: 'a development dependency',
    file: 'src/node/p-dev.ts',
    code: "export { expect } from 'vitest';",
    expected: { boundaries: /no-dev-dependency-in-src.*vitest/ },
  },
  {
    what: 'a test',
    file: 'src/cli/p-test.ts',
    code: "export { fixture } from '../../test/fixture.ts';",
    expected: { boundaries: /src-stands-alone.*test\/fixture/ },
  },
  {
    what: 'the shell from the simulator',
    file: 'sim/p-node.ts',
    code: "export { shell } from '../src/node/shell.ts';",
    expected: { boundaries: /sim-drives-the-core-only.*src\/node/ },
  },
  {
    what: 'gRPC from the simulator',
    file: 'sim/p-grpc.ts',
    code: "export { Server } from '@grpc/grpc-js';",
    expected: { boundaries: /sim-has-no-network.*@grpc/ },
  },
  {
    what: 'a circle',
    file: 'src/node/p-circle-back.ts',
    code: "import { there } from './p-circle.ts';\nexport const here = (): number => there();",
    expected: { boundaries: /no-circular/ },
  },
  {
    what: 'a module that nobody needs',
    file: 'src/node/p-orphan.ts',
    code: 'export const x = 1;',
    expected: { boundaries: /no-orphans/ },
  },
];

/** What the table allows, so that the rules are known not to refuse everything. */
export const ALLOWED: readonly Planted[] = [
  {
    what: "gossip's types in http",
    file: 'src/http/ok-types.ts',
    code: "export type { Input } from '../gossip/input.ts';\nexport type { PeerRecord } from '../store/record.ts';",
    expected: {},
  },
  {
    what: 'the default configuration in config',
    file: 'src/config/ok-default.ts',
    code: "export { DEFAULT_GOSSIP_CONFIG } from '../gossip/config.ts';",
    expected: {},
  },
  {
    what: 'clocks and promises in the shell',
    file: 'src/node/shell.ts',
    code: "import { setTimeout as wait } from 'node:timers/promises';\nexport const shell = async (): Promise<number> => {\n  await wait(1);\n  return Date.now();\n};",
    expected: {},
  },
  {
    what: 'a folder of cli that knows everybody',
    file: 'src/cli/ok-all.ts',
    code: "export { shell } from '../node/shell.ts';\nexport type { X } from '../http/p-empty.ts';",
    expected: {},
  },
];

/** What the planted files need beside them. */
export const BYSTANDERS: Readonly<Record<string, string>> = {
  'src/node/p-circle.ts': "import { here } from './p-circle-back.ts';\nexport const there = (): number => here();",
  'test/fixture.ts': "export { tmpdir as fixture } from 'node:os';",
};
