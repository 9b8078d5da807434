/** A file that cannot be read, or is of a kind that vaultmoat does not read. */
export class InputError extends Error {}
