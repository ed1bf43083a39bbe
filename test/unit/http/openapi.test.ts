import { AjvCompiler } from '@fastify/ajv-compiler';
import { describe, expect, it } from 'vitest';
import { nodeId, unixMillis } from '../../../src/base/brands.ts';
import { EVENTS_PATH as EVENTS, LOCAL_INFO_PATH as INFO } from '../../../src/http/paths.ts';
import { MEMBERLIST, member, NOON, setUp, standing } from './fixture.ts';
import { setUpSecured } from './secured.ts';

const DOCUMENT = '/api/v1alpha1/openapi.json';

interface Operation {
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Record<string, { readonly content: Record<string, { readonly schema: object }> }>;
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Record<string, Record<string, Operation>>;
}

async function documentOf(app: ReturnType<typeof setUp>['app']): Promise<Document> {
  const answer = await app.inject(DOCUMENT);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  return answer.json();
}

const compile = AjvCompiler()({}, { customOptions: { keywords: ['x-error-code', 'example'] } });

/** What is wrong with an answer by the document: nothing, when all is well. */
function problems(document: Document, path: string, status: number, body: unknown): unknown {
  const responses: Operation['responses'] = document.paths[path]?.['get']?.responses ?? {};
  const schema = (responses[String(status)] ?? responses['default'])?.content['application/json']?.schema;
  if (schema === undefined) return `no schema for ${status} of ${path}`;
  const validate = compile({ schema: structuredClone(schema) });
  return validate(structuredClone(body)) === true ? undefined : validate.errors;
}

describe('the OpenAPI document', () => {
  it('is of version 3.1 and tells of every route for programs', async () => {
    const document = await documentOf(setUp().app);
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Muster', version: '1.2.3' } });
    expect(Object.keys(document.paths).toSorted()).toEqual([
      EVENTS,
      INFO,
      MEMBERLIST,
      '/healthz',
      '/livez',
      '/metrics',
      '/readyz',
    ]);
    const { parameters } = document.paths[MEMBERLIST]?.['get'] ?? {};
    expect(parameters?.map((parameter) => `${parameter.in} ${parameter.name}`)).toEqual([
      'query labelSelector',
      'query peerState',
    ]);
  });

  it('says which routes need a token, and needs none itself', async () => {
    const { paths } = await documentOf(setUpSecured().app);
    expect(paths[MEMBERLIST]?.['get']?.security).toEqual([{ bearer: [] }]);
    expect(paths['/livez']?.['get']?.security).toEqual([]);
  });

  it('describes the answers as they are', async () => {
    const { app, port } = setUp();
    port.list = [
      member('a', { isLocal: true, decoded: { labels: { env: 'prod' } } }),
      member('b', { state: 'DEAD', left: true }),
    ];
    port.past = [
      { seq: 1, at: unixMillis(NOON), kind: 'left', id: nodeId('b'), from: 'HEALTHY', to: 'DEAD', changes: [] },
      { seq: 2, at: unixMillis(NOON), kind: 'isolated', id: nodeId('a'), changes: [] },
    ];
    const document = await documentOf(app);
    const check = async (url: string) => {
      const answer = await app.inject(url);
      return problems(document, url.split('?')[0] ?? '', answer.statusCode, answer.json());
    };
    expect(await check(MEMBERLIST)).toBeUndefined();
    expect(await check(`${MEMBERLIST}?peerState=none`)).toBeUndefined();
    expect(await check(`${MEMBERLIST}?labelSelector=,`)).toBeUndefined();
    expect(await check(EVENTS)).toBeUndefined();
    expect(await check(INFO)).toBeUndefined();
    expect(await check('/livez')).toBeUndefined();
    expect(await check('/readyz')).toBeUndefined();
    port.stands = standing({ leaving: true, isolated: true, waitingFor: ['a:1'], duplicateAddresses: ['b:2'] });
    expect(await check('/readyz')).toBeUndefined();
    expect(await check(INFO)).toBeUndefined();
  });

  it('would not describe an answer that lacks a field', async () => {
    const document = await documentOf(setUp().app);
    expect(problems(document, MEMBERLIST, 200, [{ id: 'a' }])).not.toBeUndefined();
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
