import { describe, expect, it } from 'vitest';
import { Choice, commandOf } from '../../../src/cli/demo-keys.ts';

describe('the keys of the demo', () => {
  it.each([
    ['k', {}, { do: 'kill' }],
    ['K', { shift: true }, { do: 'kill' }],
    ['p', {}, { do: 'pause' }],
    ['c', {}, { do: 'cut' }],
    ['r', {}, { do: 'restart' }],
    ['l', {}, { do: 'relabel' }],
    ['?', {}, { do: 'help' }],
    ['q', {}, { do: 'quit' }],
    ['\u0003', { name: 'c', ctrl: true }, { do: 'quit' }],
    ['\u0004', { name: 'd', ctrl: true }, { do: 'quit' }],
    ['7', {}, { do: 'digit', digit: 7 }],
    [undefined, { name: 'up' }, { do: 'move', by: -1 }],
    [undefined, { name: 'down' }, { do: 'move', by: 1 }],
  ])('%j %j', (text, key, command) => {
    expect(commandOf(text, key)).toEqual(command);
  });

  it.each([
    ['x', {}],
    ['\u0012', { name: 'r', ctrl: true }],
    ['k', { name: 'k', meta: true }],
    [undefined, { name: 'f1' }],
    ['٣', {}],
  ])('%j %j means nothing', (text, key) => {
    expect(commandOf(text, key)).toBeUndefined();
  });
});

describe('the choice of a cluster', () => {
  it('stays within the list', () => {
    const choice = new Choice(5);
    choice.move(-1);
    expect(choice.at).toBe(0);
    choice.move(3);
    choice.move(10);
    expect(choice.at).toBe(4);
    choice.move(Number.NEGATIVE_INFINITY);
    expect(choice.at).toBe(0);
  });

  it('takes a number', () => {
    const choice = new Choice(5);
    choice.type(3, 0);
    expect(choice.at).toBe(2);
    choice.type(9, 100);
    choice.type(0, 5_000);
    expect(choice.at).toBe(2);
  });

  it('takes two digits in quick succession as one number, where there are so many', () => {
    const choice = new Choice(50);
    choice.type(4, 0);
    choice.type(2, 900);
    expect(choice.at).toBe(41);
    choice.type(3, 1_500);
    expect(choice.at).toBe(2);
    choice.type(4, 4_000);
    expect(choice.at).toBe(3);
  });
});
