import type { UnixMillis } from '../../base/brands.ts';
import { MEMBERLIST_PATH } from '../paths.ts';
import type { MembershipPort, ShownMember } from '../port.ts';
import { changeLines } from './changes.ts';
import { commandsFor } from './commands.ts';
import { frame } from './frame.ts';
import { notices } from './headline.ts';
import { plainName } from './links.ts';
import { shownReach, shownState } from './member-state.ts';
import { EVERYBODY } from './page-query.ts';
import { endpoint, labelChips } from './roll.ts';
import { shownTime } from './time.ts';

/** What a page needs beside the node itself. */
export interface PageSurroundings {
  /** Wall time, which ages are counted from. */
  readonly now: UnixMillis;
  /** The version of Muster. */
  readonly version: string;
  /** Where the page was asked for: the scheme and the Host header. */
  readonly origin: string;
}

/** Makes all that a member's own page shows. */
export function memberPage(port: MembershipPort, member: ShownMember, { now, version, origin }: PageSurroundings) {
  return {
    ...frame(port, now, version),
    notices: notices(port),
    title: plainName(member.id),
    member: {
      id: member.id,
      isLocal: member.isLocal,
      state: shownState(member),
      reach: shownReach(member),
      ...endpoint(member),
      labels: labelChips(member, EVERYBODY, MEMBERLIST_PATH),
      seen: shownTime(member.lastSeen, now),
      version: member.version,
      address: member.address,
      metadataBytes: member.metadata.length,
    },
    changes: changeLines(
      port.history().filter(({ id }) => id === member.id),
      now,
    ),
    commands: commandsFor(member, origin),
  };
}
