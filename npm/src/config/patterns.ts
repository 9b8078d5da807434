// Checks of .gitignore patterns.

/** The most `**` in a pattern: each one multiplies the time to match a path. */
export const MOST_STARS = 3;

/** Whether matching a pattern may take exponential time. */
export function isCostly(pattern: string): boolean {
  return pattern.split('**').length - 1 > MOST_STARS;
}

/** Why a line is not a valid pattern and would match no file; undefined if it is valid. */
export function patternFault(pattern: string): string | undefined {
  if (pattern.startsWith('#')) return 'a line that starts with `#` is a comment';
  const path = pattern.replace(/^!/, '').trim();
  if (path === '' || /^\/+$/.test(path)) return 'it is empty';
  for (let at = 0; at < path.length; at++) {
    if (path[at] === '\\') at++;
    if (path[at] !== '[') continue;
    // A bracket directly after the opening one, or after `!` or `^`, is one of the characters.
    const first = /[!^]/.test(path[at + 1] ?? '') ? at + 2 : at + 1;
    const end = path.indexOf(']', first + 1);
    if (end < 0) return '`[` has no `]`';
    const range = [...path.slice(first, end).matchAll(/([^-])-([^-])/g)].find(([, from = '', to = '']) => from > to);
    if (range !== undefined) return `the range \`${range[0]}\` is empty`;
    at = end;
  }
  return undefined;
}
