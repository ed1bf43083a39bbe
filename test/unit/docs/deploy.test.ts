import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../../src/observability/metrics.ts';

const FILES = [
  'deploy/prometheus/muster.rules.yaml',
  'deploy/prometheus/muster.rules.test.yaml',
  'deploy/grafana/muster.json',
];

describe('what is shipped for Prometheus and Grafana', () => {
  it.each(FILES)('%s speaks only of metrics that there are', async (file) => {
    const known = new Set((await createMetrics({ version: '0' }).registry.getMetricsAsJSON()).map(({ name }) => name));
    const named = readFileSync(file, 'utf8').matchAll(/\b((?:muster|nodejs|process)_[a-z0-9_]+)(?=[\s{}[")])/g);
    const names = [...named].map(([, name = '']) => name.replace(/_(?:bucket|sum|count)$/, ''));
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  it('tests every alert', () => {
    const rules = readFileSync('deploy/prometheus/muster.rules.yaml', 'utf8');
    const tests = readFileSync('deploy/prometheus/muster.rules.test.yaml', 'utf8');
    const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);
    expect(alerts.filter((name) => !tests.includes(`alertname="${name}"`))).toEqual([]);
  });
});
