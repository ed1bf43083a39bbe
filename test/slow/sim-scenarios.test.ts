import { describe, expect, it } from 'vitest';
import { runScenario } from '../../sim/run.ts';
import { loadScenario, shippedScenarios } from '../../sim/scenario/files.ts';

describe('a shipped scenario comes out as it expects', async () => {
  it.each(await shippedScenarios())('%s', async (name) => {
    const loaded = await loadScenario(name);
    if (!loaded.ok) throw new Error(loaded.error.join('\n'));
    const { violations, failed, expectations } = runScenario(loaded.value, { seed: 1 });
    expect(violations).toEqual([]);
    expect(failed).toEqual([]);
    expect(expectations.length).toBeGreaterThan(0);
  });
});
