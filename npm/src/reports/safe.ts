// Texts of others, shown.

/** What agents of Azure Pipelines and GitHub look for anywhere in a line of a log. */
export const AGENT_COMMAND = /##(?=(?:vso)?\[)/gi;

/** Texts from files must not command the terminal, nor the agent whose log it is. As long as before, in UTF-16. */
export function terminalSafe(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => (character === '\t' ? ' ' : '·'.repeat(character.length)))
    .replace(AGENT_COMMAND, '#·');
}

/** JSON that prints as what it says: what could command a terminal or a build agent is escaped. */
export function json(result: unknown): string {
  return `${inert(JSON.stringify(result, undefined, 2))}\n`;
}

/** The same in one line. */
export function jsonLine(value: unknown): string {
  return inert(JSON.stringify(value));
}

function inert(json: string): string {
  return json
    .replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => character.split('').map(escapedUnit).join(''))
    .replace(AGENT_COMMAND, `#${escapedUnit('#')}`);
}

function escapedUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
