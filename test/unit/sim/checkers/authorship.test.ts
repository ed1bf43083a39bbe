import { beforeEach, describe, expect, it } from 'vitest';
import { authorship } from '../../../../sim/checkers/authorship.ts';
import type { Checker } from '../../../../sim/checkers/checker.ts';
import type { Step } from '../../../../sim/engine/world.ts';
import { Stage } from '../../../helpers/sim-stage.ts';

let stage: Stage;
let checker: Checker;

const look = (step: Step): void => checker.onStep?.(step);
const take = (said: Parameters<Stage['say']>[2]): void => look(stage.change('n0', 'n1', said));

describe('authorship', () => {
  beforeEach(() => {
    stage = new Stage(3);
    checker = stage.checker(authorship);
    look(stage.step('n1'));
  });

  it('lets through what the owner wrote, and accusations of it', () => {
    expect(() => take({ version: 1 })).not.toThrow();
    expect(() => take({ version: 1, state: 'DEAD' })).not.toThrow();
  });

  it('catches a version that was never spoken, and foreign metadata, addresses and goodbyes', () => {
    expect(() => take({ version: 2 })).toThrow(/^authorship: .* node n0 about n1: version 2 was never spoken/);
    expect(() => take({ version: 1, metadata: 'of an older one' })).toThrow(/not its owner's/);
    expect(() => take({ version: 1, address: 'evil:1' })).toThrow(/not its owner's/);
    expect(() => take({ version: 1, state: 'DEAD', left: true })).toThrow(/never said goodbye/);
  });

  it('knows the words of former lives and of both of two with one id', () => {
    stage.add('t', 'n1');
    stage.say('t', 'n1', { version: 1, metadata: 'of the twin', address: 't:7946' });
    look(stage.step('t'));
    expect(() => take({ version: 1, metadata: 'of the twin', address: 't:7946' })).not.toThrow();
    expect(() => take({ version: 1 })).not.toThrow();
    expect(() => take({ version: 1, metadata: 'of the twin' })).toThrow(/not its owner's/);
  });

  it('lets a goodbye through once it was said', () => {
    stage.say('n1', 'n1', { version: 3, state: 'DEAD', left: true });
    look(stage.step('n1'));
    expect(() => take({ version: 3, state: 'DEAD', left: true })).not.toThrow();
  });
});
