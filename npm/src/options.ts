// Validates the arguments of the library.

/** Throws for options that are not an object, and for unknown options. */
export function refuseUnknown(options: object, known: readonly string[]): void {
  const names = known.map((name) => `\`${name}\``).join(', ');
  requireObject(`the options ${names}`, options);
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw new TypeError(`unknown option \`${key}\`: the options are ${names}`);
  }
}

export function requireObject(what: string, given: unknown): void {
  if (typeof given !== 'object' || given === null) throw new TypeError(`${what} must be an object`);
}

/** Throws for a value that cannot be a `ModuleSource`. */
export function requireModule(wasm: unknown): void {
  const isText = typeof wasm === 'string';
  if (wasm !== undefined && !isText && (typeof wasm !== 'object' || wasm === null)) {
    throw new TypeError(
      '`wasm` must be the WebAssembly module: its address, its bytes, a response with them, or the compiled module',
    );
  }
}

/** Throws for arguments that are not strings. */
export function requireText(given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string') throw new TypeError(`\`${name}\` must be a string`);
  }
}
