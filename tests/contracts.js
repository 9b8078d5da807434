// Public contracts in a comparable form: the shapes of JSON, and sets of names.

/**
 * A shape: `string`, `#Definition`, `'literal'`, `[item]`, `{ field, optional?, '*': any other field }`, or alternatives.
 * @typedef {any} Shape
 */
/** @typedef {Record<string, Shape>} Shapes by the name of the definition; `#` is the whole */

/** The shapes of a schema, without its descriptions. @param {any} schema @returns {Shapes} */
export function shapes(schema) {
  /** @type {Shapes} */
  const found = { '#': shape(schema) };
  for (const [name, definition] of Object.entries(schema.definitions ?? {}).sort()) found[name] = shape(definition);
  return found;
}

/** @param {any} schema @returns {Shape} */
function shape(schema) {
  if (typeof schema === 'boolean' || Object.keys(schema).length === 0) return 'any';
  const { $ref, enum: words, const: word, anyOf, oneOf, type, items } = schema;
  if ($ref !== undefined) return `#${decodeURIComponent($ref).slice('#/definitions/'.length)}`;
  if (word !== undefined) return literal(word);
  if (words !== undefined) return either(words.map(literal));
  if (anyOf ?? oneOf) return either((anyOf ?? oneOf).map(shape));
  if (Array.isArray(type)) return either(type.map((one) => shape({ ...schema, type: one })));
  if (type === 'array') return [shape(items ?? {})];
  if (type !== 'object') return type ?? 'any';
  const { properties = {}, required = [], additionalProperties } = schema;
  /** @type {{ [field: string]: Shape }} */
  const fields = {};
  for (const name of Object.keys(properties).sort()) {
    fields[required.includes(name) ? name : `${name}?`] = shape(properties[name]);
  }
  if (additionalProperties !== false) fields['*'] = shape(additionalProperties ?? true);
  return fields;
}

/** @param {unknown} word */
const literal = (word) => `'${String(word)}'`;

/** @param {Shape[]} shapes @returns {Shape} */
function either(shapes) {
  const all = [...new Set(shapes.map((one) => JSON.stringify(one)))].sort().map((one) => JSON.parse(one));
  return all.length === 1 ? all[0] : { '|': all };
}

/**
 * The differences in `after` that break users of `before`. In `output`, fields and enumeration values may be added, since
 * readers ignore unknown ones. In `input`, everything that was valid must stay valid.
 * @param {Shapes} before @param {Shapes} after @param {'output' | 'input'} direction @returns {string[]}
 */
export function breaks(before, after, direction) {
  /** @type {Set<string>} */
  const seen = new Set();

  /** @param {Shape | undefined} old @param {Shape | undefined} now @param {string} at @returns {string[]} */
  const compare = (old, now, at) => {
    if (old === undefined || now === undefined) return [`${at} is gone`];
    if (typeof old === 'string' && typeof now === 'string' && old.startsWith('#') && now.startsWith('#')) {
      // Definitions may be renamed: their names are not in the output.
      const pair = `${old} ${now}`;
      if (seen.has(pair)) return [];
      seen.add(pair);
      return compare(before[old.slice(1)], after[now.slice(1)], at);
    }
    if (typeof old === 'string' && old.startsWith('#')) return compare(before[old.slice(1)], now, at);
    if (typeof now === 'string' && now.startsWith('#')) return compare(old, after[now.slice(1)], at);
    if (isEither(old) || isEither(now)) return alternatives(options(old), options(now), at);
    if (typeof old === 'string' || typeof now === 'string') {
      const isWider = direction === 'input' && now === 'any';
      return old === now || isWider ? [] : [`${at} was ${printed(old)}, is ${printed(now)}`];
    }
    if (Array.isArray(old) || Array.isArray(now)) {
      if (Array.isArray(old) && Array.isArray(now)) return compare(old[0], now[0], `${at}[]`);
      return [`${at} was ${printed(old)}, is ${printed(now)}`];
    }
    return fields(old, now, at);
  };

  /** @param {Shape[]} olds @param {Shape[]} nows @param {string} at @returns {string[]} */
  const alternatives = (olds, nows, at) => {
    /** @param {Shape} one @param {Shape} other */
    const fits = (one, other) => {
      const known = new Set(seen);
      const isFit = compare(one, other, at).length === 0;
      if (!isFit) {
        seen.clear();
        for (const pair of known) seen.add(pair);
      }
      return isFit;
    };
    const lost = olds.filter((old) => !nows.some((now) => fits(old, now)));
    const fresh = nows.filter((now) => !olds.some((old) => fits(old, now)));
    const removed = lost.map((old) => `${at} may no longer be ${printed(old)}`);
    if (direction === 'input') return removed;
    const isClosed = (/** @type {Shape} */ one) => (typeof one === 'string' ? one.startsWith("'") : !Array.isArray(one));
    const allowed = olds.every(isClosed) ? isClosed : () => false;
    return [...removed, ...fresh.filter((now) => !allowed(now)).map((now) => `${at} may now be ${printed(now)}`)];
  };

  /** @param {any} old @param {any} now @param {string} at @returns {string[]} */
  const fields = (old, now, at) => {
    /** @type {string[]} */
    const found = [];
    for (const [field, value] of Object.entries(old)) {
      const name = field.replace(/\?$/, '');
      const [needed, optional] = [now[name], now[`${name}?`]];
      const place = at === '' ? name : `${at}.${name}`;
      if (name === '*' && needed === undefined) found.push(`${at} may no longer have other fields`);
      else found.push(...compare(value, needed ?? optional, place));
      if (name === '*') continue;
      if (direction === 'output' && !field.endsWith('?') && needed === undefined && optional !== undefined) {
        found.push(`${place} is no longer always there`);
      }
      if (direction === 'input' && field.endsWith('?') && needed !== undefined) found.push(`${place} is needed now`);
    }
    if (direction === 'input') {
      for (const field of Object.keys(now)) {
        if (field === '*' || field.endsWith('?') || field in old || `${field}?` in old) continue;
        found.push(`${at === '' ? field : `${at}.${field}`} is needed now`);
      }
    }
    return found;
  };

  return compare(before['#'], after['#'], '');
}

/** @param {Shape} one @returns {boolean} */
const isEither = (one) => typeof one === 'object' && !Array.isArray(one) && '|' in one;
/** @param {Shape} one @returns {Shape[]} */
const options = (one) => (isEither(one) ? one['|'] : [one]);
/** @param {Shape} one */
const printed = (one) => (typeof one === 'string' ? one : JSON.stringify(one));

/** Whether semantic versioning allows `after` to break `before`. @param {string} before @param {string} after */
export function mayBreak(before, after) {
  const leading = (/** @type {string} */ version) => {
    const [major, minor] = version.split('.').map(Number);
    return major === 0 ? [0, minor] : [major, 0];
  };
  const [[a, b], [c, d]] = [leading(before), leading(after)];
  return c > a || (c === a && d > b);
}
