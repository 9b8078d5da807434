// Texts of others, shown.

/** What agents of Azure Pipelines and GitHub look for anywhere in a line of a log. */
export const AGENT_COMMAND = /##(?=(?:vso)?\[)/gi;

/** Texts from files must not command the terminal, nor the agent whose log it is. As long as before, in UTF-16. */
export function terminalSafe(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => (character === '\t' ? ' ' : '·'.repeat(character.length)))
    .replace(AGENT_COMMAND, '#·');
}
