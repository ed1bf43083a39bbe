// node scripts/count-tests.mjs RESULTS...: adds up what Vitest's JSON reporter wrote in each run and prints it as one plain line,
// 'N passed, N failed'. A file that could not be loaded counts as one failure. Exits 1 unless every run ran tests and all of them
// passed: a skipped test has not passed.
import { readFileSync } from 'node:fs';

const files = process.argv.slice(2);
const runs = files.map((file) => {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success, testResults } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  const unloaded = testResults.filter(({ status, assertionResults }) => {
    return status === 'failed' && assertionResults.every((result) => result.status !== 'failed');
  });
  const failed = numFailedTests + unloaded.length;
  return { file, passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests, success };
});

const sum = (of) => runs.reduce((total, run) => total + run[of], 0);
const bad = runs.filter(({ passed, failed, skipped, success }) => !success || passed === 0 || failed + skipped > 0);
for (const { file, passed, failed, skipped } of bad) {
  process.stdout.write(`not all tests passed in ${file}: ${passed} passed, ${failed} failed, ${skipped} skipped\n`);
}
process.stdout.write(
  `${sum('passed')} passed, ${sum('failed')} failed${sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''}\n`,
);
process.exitCode = runs.length > 0 && bad.length === 0 ? 0 : 1;
