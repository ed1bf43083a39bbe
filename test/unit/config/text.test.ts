import { describe, expect, it } from 'vitest';
import { nearest, quote } from '../../../src/config/text.ts';

describe('foreign text in messages', () => {
  it('loses its control characters, and so can not move a cursor or make a line of its own', () => {
    expect(quote('a\u001b[31mb\nc\u202ed\u2028e')).toBe('"a[31mbcde"');
  });

  it('is shortened by whole characters', () => {
    const shown = quote('🙂'.repeat(500));
    expect(Array.from(shown).length).toBeLessThan(100);
    expect(shown).toMatch(/^"(🙂)+…"$/u);
  });

  it('can not end its quotes', () => {
    expect(quote('a" b')).toBe(String.raw`"a\" b"`);
  });
});

describe('the nearest name', () => {
  it('is the one with the fewest changes, and none when all are far', () => {
    expect(nearest('gossip.fcator', ['gossip.factor', 'gossip.interval'])).toBe('gossip.factor');
    expect(nearest('mush', ['mesh', 'muster'])).toBe('mesh');
    expect(nearest('flavour', ['mesh', 'gossip.factor'])).toBeUndefined();
    expect(nearest('', ['mesh'])).toBeUndefined();
  });
});
