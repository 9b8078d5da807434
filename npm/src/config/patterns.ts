// Patterns of .gitignore that somebody else wrote.

/** How often a pattern may say `**`: each one tries every folder of a path again. */
export const MOST_STARS = 3;

/** Whether trying a pattern on a path may take for ever. */
export function isCostly(pattern: string): boolean {
  return pattern.split('**').length - 1 > MOST_STARS;
}

/** Why a line is not a pattern, so that it would match no file; `undefined` for one that is. */
export function patternFault(pattern: string): string | undefined {
  if (pattern.startsWith('#')) return 'a line that starts with `#` is a comment';
  const path = pattern.replace(/^!/, '').trim();
  if (path === '' || /^\/+$/.test(path)) return 'it names nothing';
  for (let at = 0; at < path.length; at++) {
    if (path[at] === '\\') at++;
    if (path[at] !== '[') continue;
    // A bracket right behind the opening one, or behind `!` or `^`, is one of the characters.
    const first = /[!^]/.test(path[at + 1] ?? '') ? at + 2 : at + 1;
    const end = path.indexOf(']', first + 1);
    if (end < 0) return '`[` has no `]`';
    const range = [...path.slice(first, end).matchAll(/([^-])-([^-])/g)].find(([, from = '', to = '']) => from > to);
    if (range !== undefined) return `the range \`${range[0]}\` is empty`;
    at = end;
  }
  return undefined;
}
