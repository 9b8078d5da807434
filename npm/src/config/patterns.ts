// Patterns of .gitignore that somebody else wrote.

/** How often a pattern may say `**`: each one tries every folder of a path again. */
export const MOST_STARS = 3;

/** Whether trying a pattern on a path may take for ever. */
export function isCostly(pattern: string): boolean {
  return pattern.split('**').length - 1 > MOST_STARS;
}
