import { formatDuration } from '../../src/config/duration.ts';
import { renderDeed } from './deed.ts';
import { renderExpectation } from './expectation.ts';
import { renderHosts } from './hosts.ts';
import type { Scenario, Step } from './scenario.ts';
import { renderSettings } from './settings.ts';

/** Writes a scenario so that `parseScenario` reads the same one. */
export function renderScenario(scenario: Scenario): string {
  const lines = [
    ...scenario.about.map((line) => `# ${line}`.trimEnd()),
    `nodes ${scenario.nodes}`,
    `network ${scenario.network}`,
    `join ${renderHosts(scenario.join)}`,
    `start over ${formatDuration(scenario.startOver)}`,
    `run ${formatDuration(scenario.run)}`,
    ...renderSettings(scenario.settings).map((line) => `set ${line}`),
    ...scenario.steps.map(renderStep),
    ...scenario.expectations.map((expectation) => `expect ${renderExpectation(expectation)}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** Writes one step as its line. */
function renderStep({ when, deed }: Step): string {
  const done = renderDeed(deed);
  switch (when.kind) {
    case 'at':
      return `at ${formatDuration(when.time)} ${done}`;
    case 'every': {
      const { interval, from, to } = when;
      return `every ${formatDuration(interval)} from ${formatDuration(from)} to ${formatDuration(to)} ${done}`;
    }
    case 'each':
      return `each ${formatDuration(when.interval)} from ${formatDuration(when.from)} ${done}`;
  }
}
