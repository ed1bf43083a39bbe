import { AjvCompiler } from '@fastify/ajv-compiler';
import { describe, expect, it } from 'vitest';
import { nodeId, unixMillis } from '../../../src/base/brands.ts';
import { EVENTS_PATH as EVENTS, LOCAL_INFO_PATH as INFO } from '../../../src/http/paths.ts';
import { MEMBERLIST, member, NOON, setUp, standing } from './fixture.ts';
import { setUpSecured, WRITE_PATH } from './secured.ts';

const DOCUMENT = '/api/v1alpha1/openapi.json';

interface Content {
  readonly content?: Record<string, { readonly schema: object }>;
}
interface Operation {
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: Content;
  readonly responses: Record<string, Content>;
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Record<string, Record<string, Operation>>;
}
type App = ReturnType<typeof setUp>['app'];

async function documentOf(app: App): Promise<Document> {
  const answer = await app.inject(DOCUMENT);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  return answer.json();
}

const compile = AjvCompiler()(
  {},
  {
    customOptions: { keywords: ['x-error-code'], coerceTypes: false, removeAdditional: false },
  },
);

/** What is wrong with a value by a schema: nothing, when all is well. */
function problems(schema: object, value: unknown): unknown {
  const { $schema: _version, ...plain } = structuredClone(schema) as { readonly $schema?: string };
  const validate = compile({ schema: plain });
  return validate(structuredClone(value)) === true ? undefined : validate.errors;
}

/** What is wrong with an answer by the document. */
function answerProblems({ responses }: Operation, answer: Awaited<ReturnType<App['inject']>>): unknown {
  const described = responses[String(answer.statusCode)] ?? responses['default'];
  if (answer.body === '') return described?.content === undefined ? undefined : 'the body is missing';
  const type = String(answer.headers['content-type']).split(';')[0] ?? '';
  const schema = described?.content?.[type]?.schema;
  if (schema === undefined) return `${answer.statusCode} as ${type} is not described`;
  return problems(schema, type === 'application/json' ? answer.json() : answer.body);
}

/** An app around a node with something of everything to tell. */
function setUpFull() {
  const made = setUp();
  made.port.list = [
    member('a', { isLocal: true, decoded: { labels: { env: 'prod' } } }),
    member('b', { state: 'DEAD', left: true }),
  ];
  made.port.past = [
    { seq: 1, at: unixMillis(NOON), kind: 'left', id: nodeId('b'), from: 'HEALTHY', to: 'DEAD', changes: [] },
    { seq: 2, at: unixMillis(NOON), kind: 'isolated', id: nodeId('a'), changes: [] },
  ];
  return made;
}

const METADATA = '/api/v1alpha1/local/metadata';
const JOIN = '/api/v1alpha1/local/join';
const FORGET = '/api/v1alpha1/members/{id}';
const SD = '/api/v1alpha1/sd/prometheus';
const TOLD = { apiEndpoint: 'https://api.example.com', apiPort: 443, labels: { env: 'prod' } };

/** Requests of every operation: its path in the document, what is put in the place of `{id}`, and the status that comes. */
const REQUESTS: readonly {
  readonly method?: 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  readonly path: string;
  readonly id?: string;
  readonly query?: string;
  readonly accept?: string;
  readonly body?: object;
  readonly status: number;
}[] = [
  { path: MEMBERLIST, status: 200 },
  { path: MEMBERLIST, accept: 'text/html', status: 200 },
  { path: MEMBERLIST, query: 'peerState=none', status: 400 },
  { path: MEMBERLIST, query: 'labelSelector=,', status: 400 },
  { path: MEMBERLIST, query: 'watch=maybe', status: 400 },
  { path: EVENTS, status: 200 },
  { path: EVENTS, accept: 'text/html', status: 200 },
  { path: INFO, status: 200 },
  { path: SD, status: 200 },
  { path: SD, query: 'peerState=none', status: 400 },
  { path: METADATA, status: 200 },
  { method: 'PUT', path: METADATA, body: TOLD, status: 200 },
  { method: 'PUT', path: METADATA, body: { ...TOLD, apiPort: 0 }, status: 400 },
  { method: 'PATCH', path: METADATA, body: { apiPort: 8443, labels: { env: null } }, status: 200 },
  { method: 'PATCH', path: METADATA, body: { labels: { env: 1 } }, status: 400 },
  { method: 'POST', path: JOIN, body: { targets: ['a:1'] }, status: 202 },
  { method: 'POST', path: JOIN, body: { targets: [] }, status: 400 },
  { method: 'POST', path: '/api/v1alpha1/local/leave', status: 200 },
  { method: 'DELETE', path: FORGET, id: 'dead', status: 204 },
  { method: 'DELETE', path: FORGET, id: 'nobody', status: 404 },
  { path: DOCUMENT, status: 200 },
  { path: '/ws', status: 426 },
  { path: '/healthz', status: 200 },
  { path: '/livez', status: 200 },
  { path: '/readyz', status: 200 },
  { path: '/metrics', status: 200 },
];

describe('the OpenAPI document', () => {
  it('is of version 3.1 and tells of every route but those for browsers', async () => {
    const { app } = setUpSecured();
    const served = new Set<string>();
    app.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) {
        if (one !== 'HEAD') served.add(`${one} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
      }
    });
    const document = await documentOf(app);
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Muster', version: '1.2.3' } });
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const undescribed = [...served].filter((route) => !described.includes(route) && !/ \/assets\//.test(route));
    expect(undescribed.toSorted()).toEqual([
      'GET /',
      'GET /api/v1alpha1/try',
      'GET /login',
      'GET /members/*',
      `POST ${WRITE_PATH}`,
      'POST /login',
      'POST /logout',
      `PUT ${WRITE_PATH}`,
    ]);
    const requests = REQUESTS.map(({ method = 'GET', path }) => `${method} ${path}`);
    expect(described.toSorted()).toEqual([...new Set(requests)].toSorted());
  });

  it('names the parameters', async () => {
    const { paths } = await documentOf(setUp().app);
    const named = (path: string, method: string) =>
      paths[path]?.[method]?.parameters?.map((parameter) => `${parameter.in} ${parameter.name}`);
    expect(named(MEMBERLIST, 'get')).toEqual(['query labelSelector', 'query peerState', 'query watch']);
    expect(named(SD, 'get')).toEqual(['query labelSelector', 'query peerState']);
    expect(named(FORGET, 'delete')).toEqual(['path id']);
  });

  it('says which routes need a token, and needs none itself', async () => {
    const { paths } = await documentOf(setUpSecured().app);
    expect(paths[MEMBERLIST]?.['get']?.security).toEqual([{ bearer: [] }]);
    expect(paths['/ws']?.['get']?.security).toEqual([{ bearer: [] }]);
    expect(paths['/livez']?.['get']?.security).toEqual([]);
    expect(paths[DOCUMENT]?.['get']?.security).toEqual([]);
  });

  it.each(REQUESTS)('describes $method $path $query $body as it is: $status', async (request) => {
    const { method = 'GET', path, id = '', query, accept, body, status } = request;
    const { app } = setUpFull();
    const operation = (await documentOf(app)).paths[path]?.[method.toLowerCase()];
    if (operation === undefined) throw new Error(`${method} ${path} is not described`);
    const type = Object.keys(operation.requestBody?.content ?? {})[0] ?? '';
    const answer = await app.inject({
      method,
      url: `${path.replace('{id}', id)}?${query ?? ''}`,
      headers: { ...(accept === undefined ? {} : { accept }), ...(body === undefined ? {} : { 'content-type': type }) },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    expect(answer.statusCode).toBe(status);
    expect(answerProblems(operation, answer)).toBeUndefined();
    if (body === undefined) return;
    const taken = problems(operation.requestBody?.content?.[type]?.schema ?? {}, body) === undefined;
    expect(taken).toBe(status < 300);
  });

  it('describes a node that is not ready', async () => {
    const { app, port } = setUp();
    const { paths } = await documentOf(app);
    port.stands = standing({ leaving: true, isolated: true, waitingFor: ['a:1'], duplicateAddresses: ['b:2'] });
    for (const [path, status] of [
      ['/readyz', 503],
      [INFO, 200],
    ] as const) {
      const operation = paths[path]?.['get'];
      const answer = await app.inject(path);
      expect(answer.statusCode).toBe(status);
      expect(operation && answerProblems(operation, answer)).toBeUndefined();
    }
  });

  it('would not describe an answer that lacks a field', async () => {
    const { paths } = await documentOf(setUp().app);
    const schema = paths[MEMBERLIST]?.['get']?.responses['200']?.content?.['application/json']?.schema ?? {};
    expect(problems(schema, [{ id: 'a' }])).not.toBeUndefined();
  });
});

describe('the page to try it', () => {
  it('loads nothing from elsewhere and runs only its own script', async () => {
    const { app } = setUp();
    const { body, headers, statusCode } = await app.inject('/api/v1alpha1/try');
    expect(statusCode).toBe(200);
    const nonce = /<script type="module" nonce="([0-9a-f]{32})">/.exec(body)?.[1];
    expect(headers['content-security-policy']).toContain(`script-src 'nonce-${nonce}'`);
    const loaded = [...body.matchAll(/<(?:script|link)[^>]*\s(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
    expect(loaded.length).toBeGreaterThan(0);
    for (const address of loaded) expect(address).toMatch(/^\/assets\//);
    expect(body).not.toMatch(/<img|https?:\/\/(?!www\.w3\.org)/);
  });
});
