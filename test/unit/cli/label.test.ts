import { describe, expect, it } from 'vitest';
import { parseLabels } from '../../../src/cli/label.ts';
import { FORBIDDEN, HOSTILE } from './fixture.ts';

describe('labels on the command line', () => {
  it('are read by their keys', () => {
    expect(parseLabels(['env=prod', 'topology.kubernetes.io/region=eu-west-1', 'constructor=', 'env.x=1'])).toEqual({
      ok: true,
      value: { env: 'prod', 'topology.kubernetes.io/region': 'eu-west-1', constructor: '', 'env.x': '1' },
    });
  });

  it('are refused with one line for every mistake', () => {
    const parsed = parseLabels(['env', '=x', 'a b=c', 'a=b=c', '__proto__=x', 'twice=1', 'twice=2', HOSTILE]);
    const lines = parsed.ok ? [] : parsed.error;
    expect(lines.map((line) => line.replace(/(the (?:key|value)) must.*/, '$1'))).toEqual([
      'label "env": must be KEY=VALUE',
      'label "=x": the key',
      'label "a b=c": the key',
      'label "a=b=c": the value',
      'label "__proto__=x": the key',
      'label "twice=2": the key is given twice',
      expect.stringMatching(/^label "a.*: must be KEY=VALUE$/),
    ]);
    for (const line of lines) expect(line).not.toMatch(FORBIDDEN);
  });
});
