import { describe, expect, it } from 'vitest';
import { type CheckerFactory, Violation } from '../../../../sim/checkers/checker.ts';
import { type RunOutcome, runScenario, UnplayableError } from '../../../../sim/run.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';
import type { Scenario } from '../../../../sim/scenario/scenario.ts';

function scenario(text: string): Scenario {
  const parsed = parseScenario(text, 'test.txt');
  if (!parsed.ok) throw new Error(parsed.error.join('\n'));
  return parsed.value;
}

/** A run of five nodes with these lines. */
function run(text: string, seed = 1): RunOutcome {
  return runScenario(scenario(`nodes 5\nrun 20s\n${text}`), { seed });
}

/** The expectations that came true, and those that did not. */
function met(outcome: RunOutcome): readonly boolean[] {
  expect(outcome.violations).toEqual([]);
  return outcome.expectations.map((expectation) => expectation.met);
}

describe('a run', { timeout: 30_000 }, () => {
  it('is the same to the last event with the same seed, and another one with another', () => {
    const text = 'at 5s crash random\nevery 2s from 6s to 10s relabel 30%\nexpect formed within 5s';
    const [one, again, other] = [run(text, 7), run(text, 7), run(text, 8)];
    expect(again.traceHash).toBe(one.traceHash);
    expect(again.data).toEqual(one.data);
    expect(other.traceHash).not.toBe(one.traceHash);
  });

  it('is not changed by what is expected of it, nor by being watched', () => {
    const deeds = 'at 5s crash n3\nat 8s relabel n1\n';
    const plain = run(deeds);
    const judged = run(
      `${deeds}expect dead n3 within 13s\nexpect known n1 within 5s\nexpect agreed within 30s after crash\nexpect formed within 3s`,
    );
    const followed = runScenario(scenario(`nodes 5\nrun 20s\n${deeds}`), { seed: 1, onProgress: () => undefined });
    expect(judged.traceHash).toBe(plain.traceHash);
    expect(followed.traceHash).toBe(plain.traceHash);
  });

  it('can be of a mesh that need not form, which keeps every invariant', () => {
    const text = scenario(
      'nodes 80\nrun 20s\nat 3s relabel n1\nat 5s crash n3\nexpect known n1 within 1s\nexpect dead n3 within 13s',
    );
    const outcome = runScenario(text, { seed: 1, formed: true });
    expect(met(outcome)).toEqual([true, true]);
    expect(outcome.data.updates.map(({ kind, missed }) => ({ kind, missed }))).toEqual([
      { kind: 'relabel', missed: 0 },
    ]);
    expect(new Set(outcome.data.states.members.map(([first]) => String(first)))).toEqual(new Set(['0,1,0,0']));
  });

  it('lasts until its last step has been taken', () => {
    const outcome = runScenario(scenario('nodes 3\nrun 1s\neach 10s from 5s relabel all\nexpect known n2 within 5s'), {
      seed: 1,
    });
    expect(outcome.failed).toEqual([]);
    expect(outcome.data.durationMs).toBeGreaterThan(25_000);
  });

  it('can be of any size, as long as the hosts that are named are there', () => {
    const text = 'nodes 5\nrun 5s\nat 1s crash n3\nat 1s join n7';
    expect(runScenario(scenario(text), { seed: 1, nodes: 4 }).nodes).toBe(4);
    expect(() => runScenario(scenario(text), { seed: 1, nodes: 3 })).toThrow(UnplayableError);
    expect(() => runScenario(scenario(text), { seed: 1, nodes: 8 })).toThrow(UnplayableError);
  });

  it('goes through the codec or not as it is told, and says which', () => {
    const small = scenario('nodes 3\nrun 2s');
    expect(runScenario(small, { seed: 1 }).wire).toBe(true);
    expect(runScenario(small, { seed: 1, wire: false }).wire).toBe(false);
    expect(runScenario(small, { seed: 1, wire: false }).data.traffic).not.toEqual(
      runScenario(small, { seed: 1 }).data.traffic,
    );
  });

  it('uses the settings that the scenario has', () => {
    const text =
      'nodes 3\nrun 20s\nset gossipInterval 200ms\nset stalenessThreshold 2\nset deadThreshold 4\nat 10s crash n2\n';
    const outcome = runScenario(scenario(`${text}expect dead n2 within 2s`), { seed: 1 });
    expect(outcome.failed).toEqual([]);
  });

  it('ends with what breaks an invariant, and does not pass off as seen what was not', () => {
    const options = {
      seed: 1,
      checkers: [brokenAt(3_000, () => new Violation('bounds', 3_000, 'n1', undefined, 'too much'))],
    };
    const outcome = runScenario(scenario('nodes 3\nrun 5s\nexpect formed within 5s'), options);
    expect(outcome.violations).toEqual(['bounds: at 3.000 s node n1: too much']);
    expect(outcome.expectations).toEqual([]);
    expect(outcome.data.durationMs).toBeLessThan(5_000);
  });

  it('does not take a mistake of the simulator for one of the protocol', () => {
    const options = { seed: 1, checkers: [brokenAt(1_000, () => new TypeError('a bug'))] };
    expect(() => runScenario(scenario('nodes 3\nrun 5s'), options)).toThrow(TypeError);
  });
});

/** A checker that throws at the first step from a time on. */
function brokenAt(time: number, error: () => Error): CheckerFactory {
  return () => ({
    invariant: 'bounds',
    onStep({ at }) {
      if (at >= time) throw error();
    },
  });
}

describe('an expectation', { timeout: 30_000 }, () => {
  it('dead: comes true when everybody shows it, and fails when that is late or nothing dies', () => {
    expect(met(run('at 5s crash n3\nexpect dead n3 within 14s\nexpect dead crashed within 14s'))).toEqual([true, true]);
    const late = run('at 5s crash n3\nexpect dead n3 within 3s\nexpect dead n1 within 14s');
    expect(met(late)).toEqual([false, false]);
    expect(late.failed[0]?.seen).toMatch(/^n3: n\d shows it HEALTHY$/);
    expect(late.failed[1]?.seen).toBe('none of them crashed or left');
  });

  it('dead: is fulfilled by a leave at once', () => {
    expect(met(run('at 5s leave n3\nexpect dead n3 within 2s\nexpect never dead all'))).toEqual([true, true]);
  });

  it('known: comes true when everybody has the update, and fails when somebody has not', () => {
    expect(met(run('at 5s relabel n3\nexpect known n3 within 5s\nexpect known relabelled within 5s'))).toEqual([
      true,
      true,
    ]);
    const cut = run('at 4s isolate n1 both\nat 5s relabel n3\nexpect known n3 within 5s');
    expect(met(cut)).toEqual([false]);
    expect(cut.failed[0]?.seen).toBe('n3: n1 has not got it');
  });

  it('known: asks nobody who started after the update', () => {
    const text = 'at 5s relabel n3\nat 5100ms isolate n1 both\nat 5200ms restart n1 without disk\n';
    expect(met(run(`${text}expect known n3 within 5s`))).toEqual([true]);
  });

  it('formed: fails when somebody stays alone', () => {
    expect(met(run('at 0s isolate n4 both\nexpect formed within 10s'))).toEqual([false]);
  });

  it('agreed: waits for the last deed of its kind, and says what was missing', () => {
    const text = 'at 5s isolate n1 both\nat 8s heal\nat 10s isolate n1 both\nat 18s heal\n';
    expect(met(run(`${text}expect agreed within 15s after heal`))).toEqual([true]);
    const early = run(`${text}at 19s isolate n1 both\nat 19s relabel n2\nexpect agreed within 1s after relabel`);
    expect(met(early)).toEqual([false]);
    expect(early.failed[0]?.seen).toMatch(/^the mesh: agreement: at 20\.000 s node n1 about n2/);
    expect(met(run('expect agreed within 5s after heal'))).toEqual([false]);
  });

  it('never: sees what happens, to whom and at whom', () => {
    const text = 'at 2s isolate n1 both\nat 18s heal\n';
    expect(met(run(`${text}expect never dead n1`))).toEqual([false]);
    expect(met(run(`${text}expect never suspected n2`))).toEqual([false]);
    expect(met(run(`${text}expect never dead n2..last by n2..last`))).toEqual([true]);
  });

  it('false: counts those that ran, once for each version', () => {
    const cut = run('at 2s isolate n1 both\nat 18s heal\nexpect false deaths at most 10\nexpect false deaths 0');
    expect(met(cut)).toEqual([true, false]);
    expect(met(run('at 2s crash n1\nat 2s pause n2\nexpect false deaths 0\nexpect false suspicions 0'))).toEqual([
      true,
      true,
    ]);
  });

  it('unchanged: leaves out the excepted, both as shown and as showing', () => {
    expect(met(run('at 5s crash n3\nat 19s restart n3\nexpect unchanged except n3\nexpect unchanged'))).toEqual([
      true,
      false,
    ]);
  });

  it('does not come true when the run is over before it can be told', () => {
    const outcome = run('at 5s isolate n1 both\nat 6s relabel n3\nexpect known n3 within 10m');
    expect(met(outcome)).toEqual([true]);
    const open = run('at 19s crash n3\nset deadThreshold 500\nexpect dead n3 within 10m');
    expect(open.violations.length + open.failed.length).toBe(1);
  });
});
