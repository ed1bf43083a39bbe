import type { UnixMillis } from '../../base/brands.ts';
import type { MembershipPort } from '../port.ts';
import { memberHref } from './links.ts';
import { shownTime } from './time.ts';

/**
 * What every page of a node has around its content.
 *
 * @param version of Muster
 */
export function frame(port: MembershipPort, now: UnixMillis, version: string) {
  const { mesh, nodeId } = port;
  return { mesh, nodeId, nodeHref: memberHref(nodeId), version, time: shownTime(now, now) };
}
