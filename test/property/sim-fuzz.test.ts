import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toCase } from '../../sim/fuzz/parse-case.ts';
import { runCase } from '../../sim/fuzz/run-case.ts';
import { drawCases } from '../../sim/fuzz/search.ts';

const onceFailed = JSON.parse(
  readFileSync(new URL('../../sim/fuzz/once-failed.json', import.meta.url), 'utf8'),
) as readonly { readonly note: string; readonly case: unknown }[];

describe('cases that once failed', () => {
  for (const { note, case: json } of onceFailed) {
    it(`never again: ${note}`, () => {
      expect(runCase(toCase(json)).failure).toBeUndefined();
    });
  }
});

describe('a small fuzz', () => {
  // The same cases every time, so that a red suite means a change; `muster sim fuzz` looks at new ones, and so does FUZZ_SEED.
  const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_121);

  it(`finds nothing in 34 cases of 3 to 12 nodes, directly (seed ${seed})`, () => {
    for (const [run, fuzzCase] of drawCases({ least: 3, most: 12 }, seed, 34).entries()) {
      const { failure } = runCase(fuzzCase);
      expect(failure, `replay: muster sim fuzz --nodes 3..12 --case ${seed}:${run}`).toBeUndefined();
    }
  });

  it(`finds nothing in 6 cases through the production codec (seed ${seed})`, () => {
    for (const [run, fuzzCase] of drawCases({ least: 3, most: 10 }, seed, 6).entries()) {
      const { failure } = runCase(fuzzCase, { wire: true });
      expect(failure, `replay: muster sim fuzz --wire --nodes 3..10 --case ${seed}:${run}`).toBeUndefined();
    }
  });
});
