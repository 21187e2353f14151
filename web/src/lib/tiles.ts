// A squarified tree map of one level. Source: Bruls, Huizing, van Wijk, "Squarified Treemaps" (2000).
export interface Tile {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Rectangles in the order of `sizes`, which fall, that fill the room in those proportions. */
export function squarified(sizes: readonly number[], width: number, height: number): Tile[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= 0 || width <= 0 || height <= 0) {
    return [];
  }
  const scale = (width * height) / total;
  const areas = sizes.map((size) => size * scale);
  const tiles: Tile[] = [];
  let room = { x: 0, y: 0, width, height };
  let begin = 0;
  while (begin < areas.length) {
    const side = Math.min(room.width, room.height);
    let end = begin + 1;
    while (end < areas.length && worst(areas, begin, end + 1, side) <= worst(areas, begin, end, side)) {
      ++end;
    }
    room = lay(areas, begin, end, room, tiles);
    begin = end;
  }
  return tiles;
}

function sum(areas: readonly number[], begin: number, end: number): number {
  let total = 0;
  for (let i = begin; i < end; ++i) {
    total += areas[i] ?? 0;
  }
  return total;
}

/** The least square of those in a row along a side. */
function worst(areas: readonly number[], begin: number, end: number, side: number): number {
  const total = sum(areas, begin, end);
  const most = areas[begin] ?? 0;
  const least = areas[end - 1] ?? 0;
  return Math.max((side * side * most) / (total * total), (total * total) / (side * side * least));
}

function lay(areas: readonly number[], begin: number, end: number, room: Tile, tiles: Tile[]): Tile {
  const upright = room.width >= room.height;
  const thickness = sum(areas, begin, end) / (upright ? room.height : room.width);
  let along = upright ? room.y : room.x;
  for (let i = begin; i < end; ++i) {
    const length = (areas[i] ?? 0) / thickness;
    tiles.push(
      upright
        ? { x: room.x, y: along, width: thickness, height: length }
        : { x: along, y: room.y, width: length, height: thickness },
    );
    along += length;
  }
  return upright
    ? { x: room.x + thickness, y: room.y, width: room.width - thickness, height: room.height }
    : { x: room.x, y: room.y + thickness, width: room.width, height: room.height - thickness };
}
