// Every question and every command that prints an answer, from the table of questions.

import { PRINTED, PRINTERS } from '../dist/cli/questions.js';
import { TAKES } from '../dist/questions.js';

/** @typedef {keyof typeof TAKES} Name */

/** The questions, with arguments: of a vault that is in no files, a caller that is none, and another project. */
export const QUESTIONS = /** @type {[Name, typeof TAKES[Name]][]} */ (Object.entries(TAKES)).map(([name, takes]) => {
  /** @param {import('vaultmoat').Project} project @param {import('vaultmoat').Project} other */
  const ask = (project, other) => {
    const given = { '': undefined, vault: { vault: 'nobody' }, 'vault, from': { from: 'nonsense' }, options: {}, after: other };
    return /** @type {(given: unknown) => unknown} */ (project[name]).call(project, given[takes]);
  };
  return { name, takes, ask };
});

/** The answers to all questions that take nothing. @param {import('vaultmoat').Project} project */
export const answers = (project) => QUESTIONS.filter(({ takes }) => takes === '').map(({ ask }) => ask(project, project));

/** The words of the commands that answer one question: with `from` as the caller, of the question that the name says. */
export const COMMANDS = /** @type {(keyof typeof PRINTERS)[]} */ (Object.keys(PRINTERS)).map((name) => {
  const isFrom = TAKES[name] === 'vault, from';
  return { name, takes: TAKES[name], words: [PRINTED[name].command, ...(isFrom ? ['--from', 'internet'] : [])] };
});
