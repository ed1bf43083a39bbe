import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderSettingsTable } from '../../../src/config/describe.ts';
import { CONFIG_PROBLEMS } from '../../../src/config/problem.ts';
import { HTTP_ERRORS } from '../../../src/http/errors.ts';
import { GOSSIP_LOG_CODES } from '../../../src/observability/log-events.ts';
import { createMetrics } from '../../../src/observability/metrics.ts';
import { WIRE_STATUS } from '../../../src/wire/refusal.ts';
import { sourceFiles } from '../../helpers/source-files.ts';

const page = (name: string): string => readFileSync(`docs/${name}`, 'utf8');

/** The first cell of every row of the tables below a heading, with each name in back quotes taken by itself. */
function namesUnder(text: string, heading: string): string[] {
  const section = text.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const cells = section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(' | ', 1)[0] ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''));
}

describe('the documentation says what the code does', () => {
  it('lists every setting as the table of settings has it', () => {
    expect(page('configuration.md')).toContain(renderSettingsTable());
  });

  it('lists every code of a configuration mistake', () => {
    expect(namesUnder(page('configuration.md'), 'Mistakes').toSorted()).toEqual(
      Object.keys(CONFIG_PROBLEMS).toSorted(),
    );
  });

  it('lists every metric with its help text', async () => {
    const operations = page('operations.md');
    const metrics = await createMetrics({ version: '0', process: false }).registry.getMetricsAsJSON();

    for (const { help } of metrics) expect(operations).toContain(`| ${help} |`);
    expect(namesUnder(operations, 'Metrics').toSorted()).toEqual(metrics.map(({ name }) => name).toSorted());
  });

  it('lists every code that a log line can carry, and no other', () => {
    const inSource = sourceFiles('src').flatMap(({ text }) =>
      [...text.matchAll(/\bcode: '([A-Z_]+)'/g)].map((match) => match[1] ?? ''),
    );
    const logged = inSource.filter((code) => !code.startsWith('MUSTER_'));
    const codes = new Set([...logged, ...Object.values(GOSSIP_LOG_CODES), 'MESSAGE_REFUSED', 'RECORD_REFUSED']);
    expect(namesUnder(page('operations.md'), 'Log').toSorted()).toEqual([...codes].toSorted());
  });

  it('lists every code of an HTTP error with its status', () => {
    const http = page('http.md');
    expect(namesUnder(http, 'Errors').toSorted()).toEqual(Object.keys(HTTP_ERRORS).toSorted());
    for (const [code, status] of Object.entries(HTTP_ERRORS)) expect(http).toContain(`| \`${code}\` | ${status} |`);
  });

  it('names tests of the HTTP stages that exist', () => {
    const named = [...page('http.md').matchAll(/`(test\/[\w./-]+)`/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(10);
    for (const file of named) expect(() => readFileSync(file), file).not.toThrow();
  });

  it('lists every reason by which a message is refused', () => {
    const listed = namesUnder(page('operations.md'), 'Refusals');
    for (const reason of Object.keys(WIRE_STATUS)) expect(listed).toContain(reason);
  });
});

describe('links between the documents', () => {
  const documents = [
    'README.md',
    'CONTRIBUTING.md',
    ...['architecture', 'configuration', 'http', 'operations', 'protocol', 'terminal'].map((name) => `docs/${name}.md`),
  ];

  it.each(documents)('%s points only at files that exist', (name) => {
    const text = readFileSync(name, 'utf8');
    const base = new URL(`file://${process.cwd()}/${name}`);
    for (const [, target = ''] of text.matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
      if (/^https?:/.test(target)) continue;
      expect(() => readFileSync(new URL(target, base)), `${name} → ${target}`).not.toThrow();
    }
  });
});
