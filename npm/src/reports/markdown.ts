// Escapes text from files for Markdown.

import { terminalSafe } from './safe.js';

/** One line of text; names in backticks become code. */
export function markdown(text: string): string {
  const parts = terminalSafe(text).split('`');
  // A name contains a backtick: no part becomes code.
  if (parts.length % 2 === 0) return escaped(parts.join('`'));
  return parts.map((part, at) => (at % 2 === 0 ? escaped(part) : code(part))).join('');
}

function code(text: string): string {
  // A pipe would end the cell of a table, even inside of code.
  return text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``;
}

/** Escapes markup, and what would become a mention, an issue or a link. */
function escaped(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>#|~&!]/g, (character) => `\\${character}`)
    .replace(/[@#]|:(?=\/\/)|www(?=\.)/gi, '$&<!-- -->');
}
