import { readFile, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { agentsOf } from '../helpers/agents.ts';
import { withServer } from '../helpers/http-server.ts';
import { type Finished, runMuster } from '../helpers/program.ts';
import { onTerminal } from '../helpers/terminal.ts';

/** What nobody's terminal may be sent, but for line breaks. */
const FORBIDDEN = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
/** How a terminal is told where to put a question. */
const ESC = '\u001B';
const CURSOR = new RegExp(`${ESC}\\[(?:\\d+G|0J)`, 'g');
const LONG = 'x'.repeat(2_000);
const TEXTS = [
  '"><script>alert(1)</script>',
  `quote ' " \` $(reboot) \\`,
  'line\r\nbreak: "yes"\n- item',
  '\u001B]0;owned\u0007\u001B[2J\u001B[31m',
  '\u009B31mC1',
  '\u202Egnp.exe\u2066',
  'a\u200Bb\uFEFFc\u3164',
  'javascript:alert(1)',
];

const memberOf = (id: string, text: string) => ({
  id,
  address: text.slice(0, 500),
  lastSeen: '2026-11-21T09:30:12.345Z',
  version: 1,
  state: {
    apiEndpoint: text,
    apiPort: 443,
    labels: { [text.slice(0, 100)]: text.slice(0, 100), [LONG.slice(0, 500)]: '' },
  },
  peerState: 'HEALTHY',
  isLocal: false,
  reachability: 'indirect',
});
const GOOD = { ...memberOf('good', ''), state: { apiEndpoint: 'https://good.example.com', apiPort: 443, labels: {} } };
const MEMBERS = [
  ...TEXTS.map((text) => memberOf(text, text)),
  memberOf('long', `https://${LONG}${LONG}`.slice(0, 2_048)),
  GOOD,
];
const EVENTS = TEXTS.map((text, at) => ({
  seq: at + 1,
  kind: text.slice(0, 60),
  id: text,
  at: '2026-11-21T09:30:12.345Z',
  changes: [{ field: text.slice(0, 60), key: text, from: text, to: LONG }],
}));
const INFO = {
  ...memberOf(TEXTS[3] ?? '', TEXTS[3] ?? ''),
  mesh: TEXTS[5],
  gossipAddress: TEXTS[1],
  httpAddress: TEXTS[2],
  readiness: { status: 'not_ready', reason: TEXTS[3], waitingFor: TEXTS, duplicateAddresses: TEXTS },
  members: { total: 1, healthy: 1, suspected: 0, dead: 0, left: 0, indirect: 0 },
  startedAt: '2026-11-21T09:30:12.345Z',
  software: { muster: TEXTS[4], node: TEXTS[6] },
};
const ERROR = { statusCode: 409, error: TEXTS[3], message: TEXTS.join(' '), code: 'LEAVING', requestId: 'x' };

/** A node that answers every question with texts that do harm where nobody takes care. */
const lie: RequestListener = ({ method, url = '' }, response) => {
  const path = url.split('?', 1)[0] ?? '';
  const answers: Readonly<Record<string, unknown>> = {
    '/api/v1alpha1/memberlist': MEMBERS,
    '/api/v1alpha1/events': EVENTS,
    '/api/v1alpha1/local/info': INFO,
    '/api/v1alpha1/local/metadata': memberOf('x', TEXTS[3] ?? '').state,
  };
  const answer = method === 'GET' ? answers[path] : undefined;
  response.writeHead(answer === undefined ? 409 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer ?? ERROR));
};

const COMMANDS: readonly (readonly string[])[] = [
  ['members', '-o', 'wide'],
  ['members', '-o', 'name'],
  ['members', '-o', 'yaml'],
  ['info'],
  ['info', '-o', 'yaml'],
  ['events'],
  ['events', '-o', 'json'],
  ['label', 'list'],
  ['label', 'set', 'a=b'],
  ['wait', '--for', 'members=1', '--for', 'ready', '--timeout', '0s'],
  ['leave'],
  ['forget', 'x'],
  ['kubeconfig'],
];

describe('a node that lies', () => {
  const ends = new Map<string, Finished>();

  beforeAll(async () => {
    await withServer(lie, async (base) => {
      for (const command of COMMANDS) {
        ends.set(command.join(' '), await runMuster(command, { env: { MUSTER_HTTP: base } }));
      }
    });
  });

  test.each(COMMANDS.map((command) => command.join(' ')))(
    'gets nothing through to a terminal: muster %s',
    (command) => {
      const { stdout = '', stderr = '', code } = ends.get(command) ?? {};
      expect([0, 1, 3]).toContain(code);
      expect(stdout + stderr).not.toBe('');
      expect(stdout).not.toMatch(FORBIDDEN);
      expect(stderr).not.toMatch(FORBIDDEN);
    },
  );

  test('has as many lines as members and events, and its documents mean what it said', () => {
    const linesOf = (command: string) => (ends.get(command)?.stdout ?? '').trimEnd().split('\n');
    expect(linesOf('members -o wide')).toHaveLength(MEMBERS.length + 1);
    expect(linesOf('members -o name')).toHaveLength(MEMBERS.length);
    expect(linesOf('events')).toHaveLength(EVENTS.length);
    expect(linesOf('events -o json').map((line) => JSON.parse(line))).toEqual(EVENTS);
    const byId = MEMBERS.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(parse(ends.get('members -o yaml')?.stdout ?? '')).toEqual(byId);
    expect(parse(ends.get('info -o yaml')?.stdout ?? '')).toEqual(INFO);
  });

  test('gets nothing into a kubeconfig but what is lawful', () => {
    const { stdout = '', stderr = '' } = ends.get('kubeconfig') ?? {};
    const config = parse(stdout);
    expect(config.clusters.map(({ name }: { name: string }) => name)).toEqual(['long', 'good']);
    expect(stderr.trimEnd().split('\n')).toHaveLength(TEXTS.length);
  });

  test('gets nothing into a question on a terminal, nor into a file that it is merged into', async (context) => {
    const file = join(await agentsOf(context).directory(), 'config');
    const mine = 'clusters:\n- name: good\n  cluster:\n    server: https://old\n';
    await writeFile(file, mine);
    await withServer(lie, async (base) => {
      const leave = await onTerminal(['leave', '--http', base], { answer: 'n\n' });
      // The terminal's own sequences, by which the question is put, and what was typed.
      const screen = leave.screen.replaceAll('\r', '').replaceAll(CURSOR, '');
      expect(leave.code).toBe(1);
      expect(screen).toContain('Go on?');
      expect(screen).not.toMatch(FORBIDDEN);
      const merge = ['kubeconfig', '--merge', '--yes', '--file', file];
      expect(await runMuster(merge, { env: { MUSTER_HTTP: base } })).toMatchObject({ code: 0 });
    });
    const merged = await readFile(file, 'utf8');
    expect(merged).not.toMatch(FORBIDDEN);
    expect(parse(merged).clusters.map(({ name }: { name: string }) => name)).toEqual(['good', 'long']);
  });
});
