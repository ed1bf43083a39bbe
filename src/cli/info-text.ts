import type { NodeInfo } from './client/local.ts';
import { dateTime } from './event-text.ts';
import { age, labelsText } from './members-table.ts';
import { type Style, styled } from './table.ts';
import { visible } from './terminal-text.ts';

interface InfoTextOptions {
  /** Wall time that ages are counted from, in milliseconds since 1970. */
  readonly asOf: number;
  readonly color: boolean;
}

const REASONS: Readonly<Record<string, string>> = {
  leaving: 'it is leaving its mesh, or has left it',
  not_listening: 'its gossip server does not listen yet',
  first_round_pending: 'it has not tried a first round yet',
};

/** What a node has to say of itself, a line for each fact, safe to print. */
export function infoLines(info: NodeInfo, { asOf, color }: InfoTextOptions): string[] {
  const { state, software, startedAt } = info;
  const facts: readonly (readonly [string, string, Style?])[] = [
    ['node', info.id, 'title'],
    ['mesh', info.mesh],
    readinessFact(info),
    ...troubles(info),
    ['members', membersText(info.members)],
    ['gossip', info.gossipAddress],
    ['http', info.httpAddress ?? 'none'],
    ['API endpoint', state.apiEndpoint || 'none'],
    ['auth port', String(state.apiPort)],
    ['labels', labelsText(state.labels) || 'none'],
    ['version', `${info.version} (of its record)`],
    ['started', `${dateTime(new Date(startedAt))}, ${age(asOf - Date.parse(startedAt))}`],
    ['software', `muster ${software.muster}, node ${software.node}`],
  ];
  const widest = Math.max(...facts.map(([name]) => name.length));
  return facts.map(([name, text, style]) => `${name.padEnd(widest)}   ${styled(visible(text), style, color)}`);
}

function readinessFact({ readiness: { status, reason = '' } }: NodeInfo): readonly [string, string, Style] {
  if (status === 'ready') return ['ready', 'yes', 'good'];
  const why = Object.hasOwn(REASONS, reason) ? REASONS[reason] : reason;
  return ['ready', why ? `no: ${why}` : 'no', 'bad'];
}

/** What a person should look after. docs/operations.md says what to do about each. */
function troubles({ readiness }: NodeInfo): readonly (readonly [string, string, Style])[] {
  const { isolated = false, waitingFor = [], duplicateAddresses = [] } = readiness;
  return [
    ...(isolated ? [['isolated', 'it hears from nobody; what it shows is its last knowledge', 'bad'] as const] : []),
    ...(waitingFor.length > 0 ? [['waiting for', waitingFor.join(', '), 'warning'] as const] : []),
    ...(duplicateAddresses.length > 0 ? [['same id at', duplicateAddresses.join(', '), 'bad'] as const] : []),
  ];
}

/** `5: 3 healthy, 1 suspected, 1 left; 1 of them reached by others only`. */
function membersText({ total, indirect, ...states }: NodeInfo['members']): string {
  const parts = Object.entries(states).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []));
  const reached = indirect > 0 ? `; ${indirect} of them reached by others only` : '';
  return `${total}: ${parts.join(', ')}${reached}`;
}
