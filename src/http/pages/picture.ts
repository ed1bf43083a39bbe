import type { ShownMember } from '../port.ts';
import { plainName } from './links.ts';
import { shownReach, shownState, troubleOf } from './member-state.ts';
import { type Label, placeLabels } from './picture-labels.ts';
import { grouped } from './roll.ts';

/** The picture's size in its own units, which are pixels where it is shown in full. */
const WIDTH = 600;
const HEIGHT = 310;
const CENTRE = { x: WIDTH / 2, y: HEIGHT / 2 };
/** Where the lines from this node begin. */
const HUB = 20;
/** More members than these are not named one by one: their groups are. */
const MAX_NAMED = 14;
/** More groups than these are too narrow to be told apart: the smallest become one. */
const MAX_GROUPS = 20;
/** The gap between two groups, in columns. */
const GAP = 0.8;

/** How large things are drawn, by how many there are. */
interface Scale {
  /** The outermost ring. */
  readonly radius: number;
  /** Half the height of a member's mark. */
  readonly size: number;
  /** From one ring of members to the next one inside it. */
  readonly step: number;
  /** Columns that have room around the ring. */
  readonly columns: number;
}

/** A member of the picture. */
interface Dot {
  readonly x: string;
  readonly y: string;
  readonly kind: string;
  readonly direct: boolean;
  readonly title: string;
}

/** A line from this node to a column of members: whole when it reaches one of them itself, broken when it only hears of them. */
interface Spoke {
  readonly x1: string;
  readonly y1: string;
  readonly x2: string;
  readonly y2: string;
  readonly direct: boolean;
}

/** Members that stand behind each other on one line from the centre. */
interface Column {
  readonly angle: number;
  readonly members: readonly ShownMember[];
}

interface Group {
  readonly name: string | undefined;
  readonly members: readonly ShownMember[];
  readonly columns: readonly Column[];
}

/**
 * The mesh as this node sees it: itself in the middle, the others around it, by groups. Few members are named, of many their groups.
 *
 * @param key the label that groups them; empty for one group
 */
export function picture(members: readonly ShownMember[], key: string) {
  const others = members.filter(({ isLocal }) => !isLocal);
  const scale = scaleFor(others.length);
  const groups = arrange(fewGroups(grouped(others, key)), scale);
  const columns = groups.flatMap((group) => group.columns);
  const labels = others.length <= MAX_NAMED ? memberLabels(groups) : groupLabels(groups);
  return {
    width: WIDTH,
    height: HEIGHT,
    centre: CENTRE,
    radius: scale.radius,
    size: scale.size,
    /** The width of the lines of a mark. */
    line: Number((scale.size * 0.19).toFixed(2)),
    spokes: columns.flatMap((column) => spoke(column, scale)),
    dots: columns.flatMap(({ angle, members: inColumn }) =>
      inColumn.map((member, depth) => dot(member, angle, scale.radius - depth * scale.step)),
    ),
    labels: placeLabels(labels, scale.radius + scale.size, CENTRE, HEIGHT),
    description: describe(members, groups, key),
    groups: key === '' ? [] : groups.map(({ name, members: inGroup }) => ({ name, count: inGroup.length })),
  };
}

function scaleFor(total: number): Scale {
  const radius = total <= 250 ? 120 : 136;
  const size = total <= MAX_NAMED ? 8 : total <= 60 ? 6 : total <= 250 ? 4 : 2.8;
  return { radius, size, step: size * 2.6, columns: Math.floor((2 * Math.PI * radius) / (size * 2.3)) };
}

type PlainGroup = Pick<Group, 'name' | 'members'>;

function fewGroups(groups: readonly PlainGroup[]): readonly PlainGroup[] {
  if (groups.length <= MAX_GROUPS) return groups;
  const bySize = groups.toSorted((a, b) => b.members.length - a.members.length);
  const kept = new Set(bySize.slice(0, MAX_GROUPS - 1));
  const rest = groups.filter((group) => !kept.has(group));
  const merged = { name: `${rest.length} smaller ones`, members: rest.flatMap(({ members }) => members) };
  return [...groups.filter((group) => kept.has(group)), merged];
}

/** Gives every member its column, and every column its angle. Groups keep a gap between them. */
function arrange(groups: readonly PlainGroup[], scale: Scale): readonly Group[] {
  const gap = groups.length > 1 ? GAP : 0;
  const width = (rings: number): number =>
    groups.reduce((sum, { members }) => sum + Math.ceil(members.length / rings) + gap, 0);
  const mostRings = Math.floor((scale.radius - HUB) / scale.step);
  let rings = 1;
  while (rings < mostRings && width(rings) > scale.columns) rings += 1;
  const turn = (2 * Math.PI) / width(rings);
  let at = 0.5;
  return groups.map(({ name, members }) => {
    const start = at;
    const columns = Array.from({ length: Math.ceil(members.length / rings) }, (_, column) => ({
      angle: (start + column) * turn - Math.PI / 2,
      members: members.slice(column * rings, (column + 1) * rings),
    }));
    at += columns.length + gap;
    return { name, members, columns };
  });
}

function onRay(angle: number, distance: number) {
  return {
    x: (CENTRE.x + Math.cos(angle) * distance).toFixed(1),
    y: (CENTRE.y + Math.sin(angle) * distance).toFixed(1),
  };
}

function dot(member: ShownMember, angle: number, distance: number): Dot {
  const { kind, name } = shownState(member);
  const title = `${plainName(member.id)}: ${name.toLowerCase()}, ${shownReach(member)}`;
  return { ...onRay(angle, distance), kind, direct: member.reachability === 'direct', title };
}

function spoke({ angle, members }: Column, { radius, step }: Scale): readonly Spoke[] {
  const living = members.filter(({ state }) => state !== 'DEAD');
  if (living.length === 0) return [];
  const from = onRay(angle, HUB);
  const to = onRay(angle, radius - (members.length - 1) * step);
  const direct = living.some(({ reachability }) => reachability === 'direct');
  return [{ x1: from.x, y1: from.y, x2: to.x, y2: to.y, direct }];
}

function memberLabels(groups: readonly Group[]): readonly Label[] {
  return groups.flatMap(({ name = '', columns }) =>
    columns.flatMap(({ angle, members }) => members.map(({ id }) => ({ angle, text: id, below: name }))),
  );
}

function groupLabels(groups: readonly Group[]): readonly Label[] {
  return groups.map(({ name, members, columns }) => {
    const angle = ((columns[0]?.angle ?? 0) + (columns.at(-1)?.angle ?? 0)) / 2;
    const trouble = troubleOf(members);
    const count = `${members.length}${trouble === '' ? '' : `, ${trouble}`}`;
    return name === undefined ? { angle, text: `${count} others`, below: '' } : { angle, text: name, below: count };
  });
}

function describe(members: readonly ShownMember[], groups: readonly Group[], key: string): string {
  const trouble = troubleOf(members);
  const indirect = members.filter(({ isLocal, reachability }) => !isLocal && reachability === 'indirect').length;
  return [
    `${members.length} ${members.length === 1 ? 'member' : 'members'}`,
    ...(key === '' ? [] : [`in ${groups.length} groups by ${key}`]),
    trouble === '' ? 'all healthy' : trouble,
    ...(indirect === 0 ? [] : [`${indirect} known through others only`]),
  ].join(', ');
}
