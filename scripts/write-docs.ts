import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { renderSettingsTable } from '../src/config/describe.ts';
import { CONFIG_PROBLEMS } from '../src/config/problem.ts';
import { createMetrics } from '../src/observability/metrics.ts';

// Writes what the code is the source of into the documentation: the tables, between their markers, and the manual page. Tests compare them.

function fill(file: string, name: string, table: string): void {
  const text = readFileSync(file, 'utf8');
  const between = new RegExp(`(<!-- ${name}: written by npm run docs -->\n)[^]*?(\n<!-- end -->)`);
  if (!between.test(text)) throw new Error(`${file} has no place for ${name}`);
  writeFileSync(
    file,
    text.replace(between, (_all, begin: string, end: string) => `${begin}\n${table}${end}`),
  );
}

async function metricsTable(): Promise<string> {
  const metrics = await createMetrics({ version: '0', process: false }).registry.getMetricsAsJSON();
  const rows = metrics.map(({ name, help, type }) => `| \`${name}\` | ${String(type)} | ${help} |\n`);
  return `| name | type | meaning |\n| --- | --- | --- |\n${rows.toSorted().join('')}`;
}

function problemsTable(): string {
  const rows = Object.entries(CONFIG_PROBLEMS).map(([code, meaning]) => `| \`${code}\` | ${meaning} |\n`);
  return `| code | meaning |\n| --- | --- |\n${rows.join('')}`;
}

fill('docs/configuration.md', 'settings', renderSettingsTable());
fill('docs/configuration.md', 'mistakes', problemsTable());
fill('docs/operations.md', 'metrics', await metricsTable());
writeFileSync('man/muster.1', execFileSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'manual']));
