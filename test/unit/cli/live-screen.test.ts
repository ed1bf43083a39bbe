import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { LiveScreen } from '../../../src/cli/live-screen.ts';
import { fakeTerminal } from './fixture.ts';

const ESC = '\u001B[';

describe('the live screen', () => {
  it('draws over the former block', () => {
    const { output, written } = fakeTerminal(80, 24);
    const screen = new LiveScreen(output);
    screen.draw(['a', 'b']);
    screen.draw(['c']);
    screen.draw(['d']);
    screen.close();
    expect(written).toEqual([
      `${ESC}?25l`,
      `\ra${ESC}K\nb${ESC}K\n${ESC}J`,
      `${ESC}2A\rc${ESC}K\n${ESC}J`,
      `${ESC}1A\rd${ESC}K\n${ESC}J`,
      `${ESC}?25h`,
    ]);
  });

  it('prints lines that stay above the block', () => {
    const { output, written } = fakeTerminal(80, 24);
    const screen = new LiveScreen(output);
    screen.draw(['a', 'b']);
    screen.print(['stays']);
    screen.close();
    expect(written[2]).toBe(`${ESC}2A\rstays${ESC}K\na${ESC}K\nb${ESC}K\n${ESC}J`);
  });

  it('leaves out what a low terminal could not draw over', () => {
    const { output, written } = fakeTerminal(80, 4);
    const screen = new LiveScreen(output);
    screen.draw(['1', '2', '3', '4', '5']);
    screen.close();
    expect(written[1]?.split('\n').map((line) => stripVTControlCharacters(line).replace('\r', ''))).toEqual([
      '1',
      '2',
      '… and 3 more lines',
      '',
    ]);
  });

  it('draws all anew in another size', () => {
    const { output, written, resize } = fakeTerminal(80, 24);
    const screen = new LiveScreen(output);
    screen.print(['stays']);
    screen.draw(['a']);
    resize();
    screen.close();
    expect(written.slice(3, 5)).toEqual([`${ESC}H${ESC}2J`, `\rstays${ESC}K\na${ESC}K\n${ESC}J`]);
  });

  it('listens to the end of the process only while it is open', () => {
    const before = process.listenerCount('exit');
    const screen = new LiveScreen(fakeTerminal(80, 24).output);
    expect(process.listenerCount('exit')).toBe(before + 1);
    screen.close();
    expect(process.listenerCount('exit')).toBe(before);
  });
});
