import { describe, expect, it } from 'vitest';
import { dateTime, eventLine } from '../../../src/cli/event-text.ts';
import { changed, FORBIDDEN, HOSTILE, NOON } from './fixture.ts';

const AT = dateTime(new Date(NOON));

describe('a change as a line', () => {
  it.each([
    [{ kind: 'joined', to: 'HEALTHY' }, 'joined'],
    [{ kind: 'returned', from: 'DEAD', to: 'HEALTHY' }, 'came back'],
    [{ kind: 'returned', from: 'SUSPECTED_DEAD', to: 'HEALTHY' }, 'answers again'],
    [{ kind: 'died', to: 'DEAD' }, 'was declared dead'],
    [{ kind: 'of-tomorrow' }, 'of-tomorrow'],
    [{ kind: 'constructor' }, 'constructor'],
  ] as const)('tells what %j did', (event, words) => {
    expect(eventLine(changed(event), false)).toBe(`${AT} prod-eu ${words}`);
  });

  it('tells what is told otherwise than before', () => {
    const changes = [
      { field: 'apiEndpoint', from: '', to: 'https://a' },
      { field: 'label', key: 'env', from: 'dev', to: 'prod' },
      { field: 'label', key: 'old', from: 'x' },
      { field: 'of-tomorrow', to: 'y' },
    ];
    expect(eventLine(changed({ changes }), false)).toBe(
      `${AT} prod-eu changed what it tells: API endpoint none -> https://a, label env dev -> prod, label old x -> none, of-tomorrow none -> y`,
    );
  });

  it('is coloured where that is wanted', () => {
    expect(eventLine(changed({ kind: 'died' }), true)).toBe(`${AT} prod-eu \u001B[31mwas declared dead\u001B[0m`);
  });

  it('lets nothing through that a terminal obeys or hides', () => {
    const changes = [{ field: HOSTILE, key: HOSTILE, from: HOSTILE, to: HOSTILE }];
    const line = eventLine(changed({ id: HOSTILE, kind: HOSTILE, changes }), false);
    expect(line).not.toMatch(FORBIDDEN);
    expect(line).toContain('[31mb');
  });
});
