import { describe, expect, it } from 'vitest';
import { FullScreen } from '../../../src/cli/full-screen.ts';
import { fakeTerminal } from './fixture.ts';

const ESC = '\u001B[';

describe('the full screen', () => {
  it('draws from the first line each time, and gives the terminal back with the last picture beneath', () => {
    const { output, written } = fakeTerminal(80, 24);
    const screen = new FullScreen(output);
    screen.draw(['a', 'b']);
    screen.draw(['c']);
    screen.close();
    expect(written).toEqual([
      `${ESC}?1049h${ESC}?25l${ESC}2J`,
      `${ESC}H${ESC}2Ka\r\n${ESC}2Kb\r\n${ESC}J`,
      `${ESC}H${ESC}2Kc\r\n${ESC}J`,
      `${ESC}?25h${ESC}?1049l`,
      'c\r\n',
    ]);
  });

  it('writes the same picture again only when it may be damaged', () => {
    const { output, written } = fakeTerminal(80, 24);
    const screen = new FullScreen(output);
    screen.draw(['a']);
    screen.draw(['a']);
    expect(written).toHaveLength(2);
    screen.forget();
    screen.draw(['a']);
    expect(written).toHaveLength(3);
    screen.close();
  });

  it('listens to the end of the process only while it is open', () => {
    const before = process.listenerCount('exit');
    const screen = new FullScreen(fakeTerminal(80, 24).output);
    expect(process.listenerCount('exit')).toBe(before + 1);
    screen.close();
    expect(process.listenerCount('exit')).toBe(before);
  });
});
