// Text from files in Markdown: it is shown, and never becomes markup.

import { terminalSafe } from './safe.js';

/** One line of text; what stands in backticks becomes code. */
export function markdown(text: string): string {
  const parts = terminalSafe(text).split('`');
  // A name with a backtick in it: nothing is taken for code.
  if (parts.length % 2 === 0) return escaped(parts.join('`'));
  return parts.map((part, at) => (at % 2 === 0 ? escaped(part) : code(part))).join('');
}

function code(text: string): string {
  // A pipe would end the cell of a table, inside of code too.
  return text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``;
}

/** No markup, and nothing that becomes a link by itself: nobody is mentioned, no issue, no address. */
function escaped(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>#|~&!]/g, (character) => `\\${character}`)
    .replace(/[@#]|:(?=\/\/)|www(?=\.)/gi, '$&<!-- -->');
}
