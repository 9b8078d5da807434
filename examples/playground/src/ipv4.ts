// IPv4 ranges: parsing, merging, and their position on a Hilbert curve, on which a range is one area.

/** Addresses from `first` to `last`, both included. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** `203.0.113.0/24` or an address; undefined for anything else. */
export function parse(text: string): (Span & { readonly prefix: number }) | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(text);
  if (match === null) return undefined;
  const bytes = match.slice(1, 5).map(Number);
  const prefix = match[5] === undefined ? 32 : Number(match[5]);
  if (prefix > 32 || bytes.some((byte) => byte > 255)) return undefined;
  const size = 2 ** (32 - prefix);
  const address = bytes.reduce((all, byte) => all * 256 + byte, 0);
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1, prefix };
}

export function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

/** The fewest ranges that cover the same addresses. */
export function merged(spans: readonly Span[]): string[] {
  const joined: { first: number; last: number }[] = [];
  for (const { first, last } of [...spans].sort((a, b) => a.first - b.first)) {
    const before = joined.at(-1);
    if (before !== undefined && first <= before.last + 1) before.last = Math.max(before.last, last);
    else joined.push({ first, last });
  }
  return joined.flatMap(({ first, last }) => {
    const ranges: string[] = [];
    for (let at = first; at <= last;) {
      // The largest block that starts here and does not exceed the range.
      let prefix = 32;
      while (prefix > 0 && at % 2 ** (33 - prefix) === 0 && at + 2 ** (33 - prefix) - 1 <= last) prefix--;
      ranges.push(prefix === 32 ? dotted(at) : `${dotted(at)}/${prefix}`);
      at += 2 ** (32 - prefix);
    }
    return ranges;
  });
}

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The position of a range in a square with a side of 1. */
export function areaOf(first: number, prefix: number): Area {
  const bits = 32 - prefix;
  // A range with an odd number of bits is two adjacent squares.
  const side = 2 ** Math.floor(bits / 2);
  const one = corner(first, side);
  const two = bits % 2 === 0 ? one : corner(first + side * side, side);
  const [x, y] = [Math.min(one.x, two.x), Math.min(one.y, two.y)];
  const unit = 65_536;
  return {
    x: x / unit,
    y: y / unit,
    width: (Math.max(one.x, two.x) + side - x) / unit,
    height: (Math.max(one.y, two.y) + side - y) / unit,
  };
}

/** The corner of the square with an address, for a side of the square. */
function corner(address: number, side: number): { x: number; y: number } {
  let [x, y] = [0, 0];
  for (let level = 0; level < 16; level++) {
    const two = Math.floor(address / 4 ** level) % 4;
    const rx = two >> 1;
    const ry = (two ^ rx) & 1;
    const size = 2 ** level;
    if (ry === 0) {
      if (rx === 1) [x, y] = [size - 1 - x, size - 1 - y];
      [x, y] = [y, x];
    }
    x += size * rx;
    y += size * ry;
  }
  return { x: Math.floor(x / side) * side, y: Math.floor(y / side) * side };
}
