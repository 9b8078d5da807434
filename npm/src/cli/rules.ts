// `vaultmoat rules`.

import { readFileSync } from 'node:fs';
import { createEngine } from '../node.js';
import type { RuleInfo } from '../types.js';
import { type Listing, UsageError } from './arguments.js';
import { type Colors, colorsFor, counted, json, print } from './output.js';

export async function rules(options: Listing): Promise<void> {
  const catalogue = (await createEngine()).rules();
  if (options.name === undefined) {
    await print(options.format === 'json' ? json(catalogue) : table(catalogue, colorsFor(options), options.quiet), options);
    return;
  }
  const rule = catalogue.find(({ slug }) => slug === options.name);
  if (rule === undefined) throw new UsageError(`there is no rule \`${options.name}\`; \`vaultmoat rules\` lists them`);
  const page = pageOf(rule);
  await print(options.format === 'json' ? json({ ...rule, page }) : `${page}${about(rule)}`, options);
}

/**
 * The page of a rule, with headings where the file folds other languages, since a terminal cannot fold. Pages are files of the
 * package, which keeps the WebAssembly module small.
 */
export function pageOf({ slug, summary }: RuleInfo): string {
  try {
    const page = readFileSync(new URL(`../../rules/${slug}.md`, import.meta.url), 'utf8');
    return page.replace(/^<details>\n<summary>(.*)<\/summary>$/gm, '### $1').replace(/^<\/details>\n\n?/gm, '');
  } catch {
    return `# ${slug}\n\n${summary}\n`;
  }
}

function about({ severity, profile, fixable, yieldsTo, url }: RuleInfo): string {
  const replacing = yieldsTo.length > 0 ? `, yields to ${yieldsTo.join(' and ')}` : '';
  return `\n${severity}, profile ${profile}${fixable ? ', with a fix' : ''}${replacing}\n${url}\n`;
}

function table(catalogue: readonly RuleInfo[], colors: Colors, quiet: boolean): string {
  const width = Math.max(0, ...catalogue.map(({ slug }) => slug.length));
  let heading = '';
  const rows = catalogue.map(({ slug, group, severity, profile, fixable, summary }) => {
    const title = group === heading ? '' : `${heading === '' ? '' : '\n'}${group}\n`;
    heading = group;
    const color = { error: colors.red, warning: colors.yellow, info: colors.cyan }[severity];
    const marks = [profile === 'strict' ? 'strict' : '', fixable ? 'fix' : ''].filter((mark) => mark !== '').join(', ');
    return `${title}  ${colors.bold(slug.padEnd(width))}  ${color(severity.padEnd(7))}  ${summary}${marks && colors.dim(` (${marks})`)}\n`;
  });
  return (
    rows.join('') + (quiet ? '' : `\n${counted(catalogue.length, 'rule')}; \`vaultmoat rules RULE\` prints the page of one\n`)
  );
}
