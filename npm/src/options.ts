// Options, as every entry of the library takes them.

/** Refuses options that do not exist, by name. */
export function refuseUnknown(options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new TypeError(`unknown option \`${key}\`: the options are ${known.map((name) => `\`${name}\``).join(', ')}`);
    }
  }
}
