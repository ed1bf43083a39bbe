import type { UnixMillis } from '../../base/brands.ts';
import { JOURNAL_CAPACITY } from '../../observability/journal.ts';
import type { MembershipPort } from '../port.ts';
import { changeLines } from './changes.ts';
import { frame } from './frame.ts';
import { notices } from './headline.ts';

/**
 * Makes all that the page of changes shows.
 *
 * @param now wall time, which ages are counted from
 * @param version of Muster
 */
export function changesPage(port: MembershipPort, now: UnixMillis, version: string) {
  return {
    ...frame(port, now, version),
    notices: notices(port),
    changes: changeLines(port.history(), now),
    capacity: JOURNAL_CAPACITY,
  };
}
