/** What is written beside the ring, at the height of what it names. */
export interface Label {
  /** Of what it names, in radians, from the right hand on downwards. */
  readonly angle: number;
  readonly text: string;
  /** A second, smaller line; empty for none. */
  readonly below: string;
}

/** A label with its place: the line that leads to it, then its text. */
interface PlacedLabel {
  readonly line: string;
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'end';
  readonly text: string;
  readonly below: string;
}

/** From the ring to the column of texts. */
const REACH = 20;
/** Lines of text with a second line, and without one. */
const TALL = 30;
const FLAT = 15;
const TOP = 14;
const BOTTOM = 22;
/** Characters of the first line and of the smaller second one. */
const MAX_TEXT = 19;
const MAX_BELOW = 24;

/** Sets labels to the left and right of the ring, each side spread so that none covers another. */
export function placeLabels(
  labels: readonly Label[],
  radius: number,
  centre: { readonly x: number; readonly y: number },
  height: number,
): readonly PlacedLabel[] {
  const right = labels.filter(({ angle }) => Math.cos(angle) >= 0);
  const left = labels.filter(({ angle }) => Math.cos(angle) < 0);
  return [...side(right, 1), ...side(left, -1)];

  function side(those: readonly Label[], sign: 1 | -1): readonly PlacedLabel[] {
    const sorted = those.toSorted((a, b) => Math.sin(a.angle) - Math.sin(b.angle));
    const room = (height - TOP - BOTTOM) / Math.max(1, sorted.length);
    const tall = room >= TALL;
    const heights = spread(
      sorted.map(({ angle }) => centre.y + Math.sin(angle) * (radius + 8)),
      Math.min(room, tall ? TALL : FLAT),
      TOP,
      height - BOTTOM,
    );
    return sorted.map(({ angle, text, below }, index) => {
      const y = heights[index] ?? centre.y;
      const x = centre.x + sign * (radius + REACH);
      const from = at(angle, radius + 3);
      const bend = at(angle, radius + 10);
      return {
        line: `M${from} L${bend} L${x - sign * 5} ${y.toFixed(1)}`,
        x,
        y: Number(y.toFixed(1)),
        anchor: sign === 1 ? 'start' : 'end',
        text: shortened(text, MAX_TEXT),
        below: tall ? shortened(below, MAX_BELOW) : '',
      };
    });
  }

  function at(angle: number, distance: number): string {
    return `${(centre.x + Math.cos(angle) * distance).toFixed(1)} ${(centre.y + Math.sin(angle) * distance).toFixed(1)}`;
  }
}

/** Moves heights apart, in their order, until neighbours have the distance between them and all are within the bounds. */
function spread(wanted: readonly number[], distance: number, top: number, bottom: number): readonly number[] {
  const places = wanted.slice();
  for (const [index, place] of places.entries()) {
    places[index] = Math.max(place, index === 0 ? top : (places[index - 1] ?? top) + distance);
  }
  let limit = bottom;
  for (let index = places.length - 1; index >= 0; index -= 1) {
    places[index] = Math.min(places[index] ?? limit, limit);
    limit = (places[index] ?? limit) - distance;
  }
  return places;
}

function shortened(text: string, limit: number): string {
  const characters = Array.from(text);
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
}
