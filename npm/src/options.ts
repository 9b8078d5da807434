// Options, as every entry of the library takes them.

/** Refuses what is not an object of options, and options that do not exist, by name. */
export function refuseUnknown(options: object, known: readonly string[]): void {
  const names = known.map((name) => `\`${name}\``).join(', ');
  requireObject(`the options ${names}`, options);
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw new TypeError(`unknown option \`${key}\`: the options are ${names}`);
  }
}

/** Refuses what is not an object. */
export function requireObject(what: string, given: unknown): void {
  if (typeof given !== 'object' || given === null) throw new TypeError(`${what} come in an object`);
}

/** Refuses what cannot be a module or lead to one. */
export function requireModule(wasm: unknown): void {
  const isText = typeof wasm === 'string';
  if (wasm !== undefined && !isText && (typeof wasm !== 'object' || wasm === null)) {
    throw new TypeError(
      '`wasm` is the WebAssembly module: its address, its bytes, a response that brings them, or the compiled module',
    );
  }
}

/** Refuses arguments that are not strings, by name. */
export function requireText(given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string') throw new TypeError(`\`${name}\` is a string`);
  }
}
