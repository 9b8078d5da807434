// Makes text from files safe to print.

/** The beginnings of commands that agents of Azure Pipelines and GitHub find anywhere in a line of the log. */
const AGENT_COMMAND = /##(?=(?:vso)?\[)/gi;

/** Replaces control characters and commands for build agents. The length in UTF-16 stays the same. */
export function terminalSafe(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => (character === '\t' ? ' ' : '·'.repeat(character.length)))
    .replace(AGENT_COMMAND, '#·');
}

/** JSON in which control characters and commands for build agents are escaped. */
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
