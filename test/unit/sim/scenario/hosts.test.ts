import { describe, expect, it } from 'vitest';
import { parseHosts, resolveHosts } from '../../../../sim/scenario/hosts.ts';
import { Words } from '../../../../sim/scenario/words.ts';
import { seededRandom } from '../../../../src/base/random.ts';

function hosts(text: string, nodes: number, seed = 1): readonly string[] {
  return resolveHosts(parseHosts(new Words(text), { draws: true }), nodes, seededRandom(seed));
}

describe('a set of hosts', () => {
  it('means the same share of a mesh of any size', () => {
    expect(hosts('n0..half', 6)).toEqual(['n0', 'n1', 'n2']);
    expect(hosts('n0..half', 7)).toEqual(['n0', 'n1', 'n2']);
    expect(hosts('n1..last', 4)).toEqual(['n1', 'n2', 'n3']);
    expect(hosts('all', 2)).toEqual(['n0', 'n1']);
    expect(hosts('half', 1)).toEqual(['n0']);
  });

  it('names each host once, in the order in which it is written', () => {
    expect(hosts('n3 n0..n2 n1 last', 5)).toEqual(['n3', 'n0', 'n1', 'n2', 'n4']);
  });

  it('finds the hosts of a region, which hosts are dealt out to in turn', () => {
    expect(hosts('us-west', 14)).toEqual(['n1', 'n7', 'n13']);
  });

  it('draws a share without drawing a host twice, and only from where it is told to', () => {
    const drawn = hosts('30% of n1..last', 101);
    expect(drawn).toHaveLength(30);
    expect(new Set(drawn).size).toBe(30);
    expect(drawn).not.toContain('n0');
  });

  it('draws the same from the same seed, and other hosts from another', () => {
    expect(hosts('30%', 100, 5)).toEqual(hosts('30%', 100, 5));
    expect(hosts('30%', 100, 5)).not.toEqual(hosts('30%', 100, 6));
    expect(hosts('random', 100)).toHaveLength(1);
  });
});
