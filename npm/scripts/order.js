// The order of functions that compresses best. gzip sees 32 KB back, so functions that resemble each other, such as
// instances of one generic function, belong side by side; what the compiler and the optimizer leave is no such order.

/** How far back gzip sees, with something left for what lies between. */
const WINDOW = 30_000;
/** Texts of so many bytes are compared. */
const SHINGLE = 6;
/** What more functions have than this says nothing of any of them. */
const COMMON = 200;
/** In favour of longer functions: a short one resembles many. */
const HANDICAP = 100;

/**
 * The module with names of its functions by which they are in the order that compresses best.
 *
 * @param {Buffer<ArrayBuffer>} module One without names.
 */
export function namedInOrder(module) {
  const { imported, bodies } = functions(module);
  const names = new Map([...order(bodies)].map((index, at) => [imported + index, at.toString().padStart(8, '0')]));
  const entries = [...names].sort(([a], [b]) => a - b).flatMap(([index, name]) => [...leb(index), ...sizedText(name)]);
  const map = [...leb(names.size), ...entries];
  const content = [...sizedText('name'), FUNCTION_NAMES, ...leb(map.length), ...map];
  return Buffer.concat([module, Uint8Array.from([CUSTOM, ...leb(content.length), ...content])]);
}

/**
 * Each function next, that most resembles those in sight.
 *
 * @param {Uint8Array[]} bodies
 */
function* order(bodies) {
  const shingles = shinglesOf(bodies);
  /** @type {Map<number, number[]>} */
  const having = new Map();
  for (const [index, all] of shingles.entries()) {
    for (const shingle of all) {
      const known = having.get(shingle);
      if (known) known.push(index);
      else having.set(shingle, [index]);
    }
  }
  const score = new Int32Array(bodies.length);
  /** @type {Map<number, number>} */
  const seen = new Map();
  /** @param {number} index @param {1 | -1} step */
  const count = (index, step) => {
    for (const shingle of shingles[index]) {
      const before = seen.get(shingle) ?? 0;
      seen.set(shingle, before + step);
      const others = having.get(shingle) ?? [];
      if (others.length > COMMON || Math.max(before, before + step) !== 1) continue;
      for (const other of others) score[other] += step;
    }
  };
  const left = new Set([...bodies.keys()].sort((a, b) => bodies[b].length - bodies[a].length));
  const sight = [];
  let bytes = 0;
  while (left.size > 0) {
    let [best] = left;
    let most = 0;
    for (const index of left) {
      const resemblance = score[index] / (bodies[index].length + HANDICAP);
      if (resemblance > most) [best, most] = [index, resemblance];
    }
    left.delete(best);
    yield best;
    count(best, 1);
    sight.push(best);
    bytes += bodies[best].length;
    while (bytes > WINDOW && sight.length > 1) {
      const [oldest] = sight.splice(0, 1);
      count(oldest, -1);
      bytes -= bodies[oldest].length;
    }
  }
}

/** @param {Uint8Array[]} bodies */
function shinglesOf(bodies) {
  return bodies.map((body) => {
    const found = new Set();
    for (let at = 0; at + SHINGLE <= body.length; at++) {
      let hash = 0;
      for (let byte = at; byte < at + SHINGLE; byte++) hash = (Math.imul(hash, 31) + body[byte] + 1) | 0;
      found.add(hash);
    }
    return found;
  });
}

// Of the binary format.
const CUSTOM = 0;
const CODE = 10;
const FUNCTION_NAMES = 1;

/**
 * How many functions come from outside, and the bodies of the others.
 *
 * @param {Buffer<ArrayBuffer>} module
 */
function functions(module) {
  let at = 8;
  const number = () => {
    let [value, scale, byte] = [0, 1, 0];
    do {
      byte = module[at++];
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte > 127);
    return value;
  };
  const sized = () => {
    const start = at;
    const size = number();
    return module.subarray(start, (at += size));
  };
  while (module[at++] !== CODE) sized();
  number();
  const bodies = Array.from({ length: number() }, sized);
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(module));
  return { imported: imports.filter(({ kind }) => kind === 'function').length, bodies };
}

/** @param {string} text */
function sizedText(text) {
  return [...leb(text.length), ...Buffer.from(text)];
}

/** @param {number} number */
function leb(number) {
  const bytes = [];
  for (; number > 127; number >>= 7) bytes.push((number & 127) | 128);
  return [...bytes, number];
}
