import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('the manual page has no fault that mandoc finds', () => {
  const { stdout, stderr, error } = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', 'man/muster.1'], {
    encoding: 'utf8',
  });
  expect(error).toBeUndefined();
  const findings = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
  // It has no date: it is as old as the version that it names.
  expect(findings.filter((line) => !line.includes('missing date'))).toEqual([]);
});
