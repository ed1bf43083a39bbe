import type { Logger } from 'pino';
import type { Millis } from '../base/brands.ts';
import { unreachable } from '../base/invariant.ts';
import type { GossipEvent } from '../gossip/event.ts';
import { LineLimiter } from './line-limiter.ts';

/** The `code` field of every line that a gossip event can make. Stable: alerts and searches rely on it. */
export const GOSSIP_LOG_CODES = {
  memberChanged: 'MEMBER_CHANGED',
  handshakeFinished: 'HANDSHAKE_FINISHED',
  handshakeFailed: 'HANDSHAKE_FAILED',
  probed: 'PROBED',
  probeServed: 'PROBE_SERVED',
  reachabilityChanged: 'REACHABILITY_CHANGED',
  newsPushed: 'NEWS_PUSHED',
  forgotten: 'FORGOTTEN',
  accused: 'ACCUSED',
  refuted: 'REFUTED',
  isolated: 'ISOLATED',
  reconnected: 'RECONNECTED',
  lateCycle: 'LATE_CYCLE',
  duplicateId: 'DUPLICATE_ID',
  messageRefused: 'MESSAGE_REFUSED',
  recordRefused: 'RECORD_REFUSED',
  joined: 'JOINED',
  joinFailed: 'JOIN_FAILED',
  leaving: 'LEAVING',
} as const satisfies Record<GossipEvent['kind'], string>;

/** Longest foreign text in a line: that of an id. */
const MAX_TEXT = 253;

/**
 * Renders gossip events as log lines: one line an event, its fields beside a constant message, and quiet in peace. A line
 * that a peer can cause at will comes once a minute for each peer and reason; the next one says in `suppressed` how many
 * were held back. Foreign text stands only in fields, where pino escapes it, and never in the message.
 *
 * @param monotonic the monotonic clock, for that minute
 */
export function createEventLog(logger: Logger, monotonic: () => Millis): (event: GossipEvent) => void {
  const limiter = new LineLimiter(monotonic);

  /** Warns once a minute for each key: the code with what tells the peers and reasons apart. */
  function warnSometimes(code: string, about: readonly string[], fields: object, message: string): void {
    const suppressed = limiter.admit(code, about);
    if (suppressed === undefined) return;
    logger.warn({ code, ...fields, ...(suppressed > 0 ? { suppressed } : {}) }, message);
  }

  return (event) => {
    const code = GOSSIP_LOG_CODES[event.kind];
    switch (event.kind) {
      case 'memberChanged': {
        const { id, address, from, to, left, version } = event;
        const fields = { code, member: shown(id), address: shown(address), from, to, left, version };
        logger.info(fields, memberChange(event));
        break;
      }
      case 'handshakeFinished':
        logger.trace({ code, side: event.side, tookMs: event.took }, 'handshake finished');
        break;
      case 'handshakeFailed': {
        const { peer, address, reason } = event;
        const named = peer === undefined ? {} : { peer: shown(peer) };
        logger.debug({ code, ...named, address: shown(address), reason }, 'handshake failed');
        break;
      }
      case 'probed':
        logger.debug({ code, member: shown(event.id), result: event.result }, 'asked another node for a member');
        break;
      case 'probeServed':
        logger.trace({ code, reached: event.reached }, 'looked for a member on behalf of others');
        break;
      case 'reachabilityChanged': {
        const { id, reachability } = event;
        logger.info({ code, member: shown(id), reachability }, 'the link to a member changed');
        break;
      }
      case 'newsPushed':
        logger.trace({ code, peers: event.peers, records: event.records }, 'passed on news');
        break;
      case 'forgotten':
        logger.info({ code, member: shown(event.id) }, "forgot a dead member at the operator's word");
        break;
      case 'accused': {
        const { id, state, failures } = event;
        logger.warn({ code, member: shown(id), state, failures }, 'accused a member that does not answer');
        break;
      }
      case 'refuted':
        logger.info({ code, version: event.version, of: event.of }, 'refuted what was said of this node');
        break;
      case 'isolated':
        logger.warn({ code, cycles: event.cycles }, 'isolated: no other node has been heard of');
        break;
      case 'reconnected':
        logger.info({ code, afterCycles: event.after }, 'reconnected');
        break;
      case 'lateCycle':
        logger.warn({ code, lateMs: event.late }, 'a gossip cycle began late');
        break;
      case 'duplicateId': {
        const { id, ownAddress, otherAddress } = event;
        const fields = { code, member: shown(id), ownAddress: shown(ownAddress), otherAddress: shown(otherAddress) };
        logger.error(fields, 'another live node claims the id of this one');
        break;
      }
      case 'messageRefused': {
        const source = shown(event.source);
        const fields = { source, reason: event.reason, detail: shown(event.detail) };
        warnSometimes(code, [source, event.reason], fields, 'refused a message');
        break;
      }
      case 'recordRefused': {
        const source = shown(event.source);
        const fields = { source, reason: event.reason, member: shown(event.id) };
        warnSometimes(code, [source, event.reason], fields, 'refused a record');
        break;
      }
      case 'joined':
        logger.info(
          { code, target: shown(event.target), peer: shown(event.peer) },
          'joined through a bootstrap target',
        );
        break;
      case 'joinFailed': {
        const target = shown(event.target);
        warnSometimes(code, [target], { target, attempts: event.attempts }, 'a bootstrap target gave no live peer');
        break;
      }
      case 'leaving':
        logger.info({ code }, 'leaving the mesh');
        break;
      default:
        unreachable(event);
    }
  };
}

function memberChange(event: { readonly from?: string; readonly to?: string; readonly left: boolean }): string {
  if (event.to === undefined) return 'member removed';
  if (event.from === undefined) return 'member appeared';
  return event.left ? 'member left' : 'member changed';
}

/** Foreign text, cut to a bounded length. */
function shown(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
}
