import type { UnixMillis } from '../../base/brands.ts';
import { isUnfiltered } from '../member-query.ts';
import type { MembershipPort, ShownMember } from '../port.ts';
import { changeLines } from './changes.ts';
import { finder, narrowings, sortLink, stateSwitches } from './filters.ts';
import { frame } from './frame.ts';
import { headline, notices } from './headline.ts';
import { type PageQuery, pageHref } from './page-query.ts';
import { picture } from './picture.ts';
import { roll } from './roll.ts';

/** Changes that are told beside the picture. The page of changes has the rest. */
const CHANGES_SHOWN = 5;

/** Labels that tell where a cluster is, the first that is there groups the picture. */
const PLACE_KEYS = ['region', 'topology.kubernetes.io/region', 'zone', 'env', 'environment'];

/** Up to so many members the page is asked for anew often, to keep the ages true. Beyond it is too much to send for that. */
const SMALL_MESH = 100;

/**
 * Makes all that the memberlist page shows, ready to be put into its template.
 *
 * @param now wall time, which ages are counted from
 * @param version of Muster
 */
export function memberlistPage(port: MembershipPort, query: PageQuery, now: UnixMillis, version: string) {
  const members = port.members();
  const history = port.history();
  return {
    ...frame(port, now, version),
    ...headline(members, port.standing()),
    notices: notices(port),
    alone: members.length === 1,
    ownAddress: members.find(({ isLocal }) => isLocal)?.address,
    total: members.length,
    switches: stateSwitches(members, query),
    all: { href: pageHref(query, { states: [] }), active: query.states.length === 0 },
    picture: picture(members, query.group === '' ? placeKey(members) : query.group),
    changes: changeLines(history, now, CHANGES_SHOWN),
    moreChanges: Math.max(0, history.length - CHANGES_SHOWN),
    finder: finder(members, query),
    narrowings: narrowings(query),
    filtered: !isUnfiltered(query) || query.search !== '',
    sorting: {
      name: sortLink(query, 'name'),
      state: sortLink(query, 'state'),
      endpoint: sortLink(query, 'endpoint'),
      seen: sortLink(query, '-seen', 'seen'),
      version: sortLink(query, '-version'),
    },
    refreshSeconds: members.length <= SMALL_MESH ? 5 : 30,
    roll: roll(members, query, now),
  };
}

/** The label by which the picture is grouped when nobody asks for one; empty when no member tells where it is. */
function placeKey(members: readonly ShownMember[]): string {
  const has = (key: string): boolean => members.some(({ decoded }) => Object.hasOwn(decoded.labels, key));
  return PLACE_KEYS.find(has) ?? '';
}
