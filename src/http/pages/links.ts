import { MEMBERS_PATH } from '../paths.ts';

/**
 * The address of a member's page. Undefined for an id that no address can carry: browsers take `.` and `..` for directions, in
 * whatever way they are written.
 */
export function memberHref(id: string): string | undefined {
  return id === '.' || id === '..' ? undefined : `${MEMBERS_PATH}${encodeURIComponent(id)}`;
}

/** A name for where it can not be isolated from the text around it, as in a title: without the marks that turn the direction. */
export function plainName(id: string): string {
  return id.replaceAll(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');
}
