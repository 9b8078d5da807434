// `--help` and `--version`.

import { readFileSync } from 'node:fs';
import { type Option, PROJECT_OPTIONS } from '../config/options.js';
import { TAKES } from '../questions.js';
import { type Command, isPlain, type Plain } from './arguments.js';
import type { Printer } from './ask.js';
import { PRINTED, PRINTERS } from './questions.js';

/** The columns of the text beside options. */
const LEFT = 26;
const RIGHT = 130;

const GENERAL = `vaultmoat reads Azure templates, models the network around each key vault, and reports what is wrong with it.

Usage: vaultmoat [COMMAND] [OPTIONS] [PATH…]

Commands:
${lines()}
  rules    list the rules, or print the page of one
  facts    list the facts about Azure that decisions rest on, or print one with its sources
  init     write a vaultmoat.toml with every setting and its default
  lsp      start the language server for an editor

\`vaultmoat COMMAND --help\` lists the options of a command.
Exit codes: 0 clean, 1 findings at or above --fail-on, 2 usage or input error.
`;

const READING = `${projectOptions()}  --config FILE           the configuration, instead of the nearest one above each file; its patterns are relative to the
                          current folder
  --stdin-filename NAME   the file name for standard input, which is given as -
  --no-errors-on-unmatched
                          do not fail when a path has no file that vaultmoat reads
`;

const FORMAT = `  --format NAME           text (default) or json
`;

const PRINTING = `  -o, --output FILE       write to FILE instead of standard output
  -q, --quiet             print the result only: no summary, no progress
  -h, --help              print this text
  -V, --version           print the version
`;

const CHECKED = `  --format NAME           text (default), json, sarif, junit, github, azure-pipelines or markdown; several pairs of
                          --format and --output write several files, all of them or none
${PRINTING}`;

const ASKED = `${FORMAT.replace(' or json', ', json or markdown')}${PRINTING}`;

const FACTS = `  --facts                 with --format text or markdown: print the numbers of the facts about Azure behind each step, which
                          \`vaultmoat facts\` prints
`;

const VAULT = `  --vault NAME            name, address or id of the vault; needed if the files have several
`;

const FROM = `  --from CALLER           ip:ADDRESS, subnet:NAME, vnet:NAME, consumer:ADDRESS (a resource in the files), service:NAME (on the
                          list of trusted services), internet, trusted-services, hosted-agent, portal, on-premises or
                          on-premises:forwarder=ADDRESS (where the DNS servers there forward queries)
`;

const READS = `
PATH is a file, a folder, or - for standard input; the default is the current folder. In a folder, vaultmoat reads .bicep and
.bicepparam files, files of Terraform, and the .json, .jsonc and .ndjson files that are ARM templates (also inside the output
of Azure's tools), parameter files or JSON as Azure prints it, except files that git ignores. With each file it reads the
parameter files beside it, linked templates, modules, and registry modules that Bicep has restored; a .bicepparam file selects
its template.
A path without any of these files is an error. Files that mention a vault and are not read, such as scripts, are listed.
Hidden folders are read, except .git, .terraform and node_modules. Symbolic links in a folder are not followed, binary files
are skipped, and a template of more than 20 MB, or one that is not text, is refused.

The nearest vaultmoat.toml above a file, or "vaultmoat" in a package.json, within the repository, configures its check;
options of the command line override it. \`vaultmoat init\` writes one with every setting.
`;

const ABOUT: Record<Exclude<Command, Plain>, string> = {
  check: `Reports what is wrong.

Usage: vaultmoat check [OPTIONS] [PATH…]

Options:
  --fail-on SEVERITY      error, warning (default), info or never: the lowest severity that makes the exit code 1
  --changed-since REF     check only templates and modules that changed since that commit, or use files that did
  --fix                   apply the safe fixes to the files that were named
  --unsafe-fixes          also apply the fixes that change which requests are allowed
  --diff                  print what --fix would change and write nothing; exits with 1 if there is a change
  --baseline FILE         report only findings that are not in FILE, and list the entries of FILE that no longer occur
  --write-baseline FILE   write all current findings to FILE as known
  --controls              with --format json or markdown: list which built-in policies of Azure each vault satisfies and why,
                          and the compliance requirements that this is evidence for
  --notes                 with --format text: print each note about how a vault is governed, not one line for each vault
  --undecided             with --format text: list the questions that the files leave open, and what they depend on
  --suppressed            with --format sarif: include suppressed findings with their reasons; GitHub ignores that they are
                          suppressed, and opens an alert for each
  -j, --jobs N            the most threads to use (default: the number of processors); a short run uses one, and the report
                          does not depend on it
  -w, --watch             check again when a file changes, until Ctrl-C
  --stream                check an estate of any size: files, or - for standard input, with one resource per line as Azure
                          Resource Graph exports them; prints one JSON record per line, each finding with the line of its
                          resource. Can be combined with --fail-on, --output, --profile, --cloud, --complete and --config
${READING}${CHECKED}${READS}
With --fix, standard input is printed fixed on standard output, and the remaining findings on standard error.
github and azure-pipelines print annotations for the run of a pipeline; markdown is for its summary or a comment. In sarif,
undecided questions are notifications, not results. --stream reads files twice: it refuses a pipe other than standard input,
and buffers at most 256 MB of a standard input that is a pipe.
`,
  graph: `Draws the network around the vaults: who reaches them and who is refused, through which endpoint, rule or perimeter,
and the findings of \`check\` at their resources. Dotted lines are undecided.

Usage: vaultmoat graph [OPTIONS] [PATH…]

Options:
  --format NAME           mermaid (default), dot, svg or json
${READING}${PRINTING}${READS}`,
  diff: `Shows whose access changes: callers that are newly allowed, newly denied, or take another path.

Usage: vaultmoat diff [OPTIONS] BEFORE AFTER
       vaultmoat diff [OPTIONS] WHAT-IF

BEFORE and AFTER are files or folders: templates, exports of Azure, or parameter files of the template beside them or
of one given with --with. WHAT-IF is the output of \`az deployment group what-if --no-pretty-print\`, which has both sides.

Options:
  --with PATH             a file or folder to read on both sides; may be given several times
  --fail-on CHANGE        new-access, lost-access, any or never (default): the changes that make the exit code 1
${READING}${ASKED}`,
  init: `Writes a vaultmoat.toml with every setting, its default and its meaning. An existing file is not overwritten.

Usage: vaultmoat init [FOLDER]

Options:
  -h, --help              print this text
  -V, --version           print the version
`,
  rules: `Lists the rules, or prints the page of one.

Usage: vaultmoat rules [OPTIONS] [RULE]

Options:
${FORMAT}${PRINTING}`,
  facts: `Lists the facts about Azure that rules and decisions rest on, or prints one with its sources.

Usage: vaultmoat facts [OPTIONS] [NUMBER]

Options:
${FORMAT}${PRINTING}`,
  lsp: `Starts a server for the Language Server Protocol: findings while you type, fixes, information about the value under the
cursor, and who can reach a vault. An editor starts it and opens the files; its settings are the editor's section
\`vaultmoat\` (profile, cloud, complete, codeLens, inlayHints) and the nearest vaultmoat.toml above the open folder.

Usage: vaultmoat lsp --stdio

Options:
  --stdio                 communicate over standard input and output
  --node-ipc              communicate over the IPC channel of a parent process in Node
  -h, --help              print this text
  -V, --version           print the version
`,
};

/** The options of the command line that are options of a project. */
function projectOptions(): string {
  const described = ([name, { argument, kind, choices = [], default: value, isSetting, description }]: [string, Option]) => {
    if (argument === undefined) return '';
    const values = choices.map((choice) => (choice === value ? `${choice} (default)` : choice));
    const texts = [
      values.length > 0 ? `${values.slice(0, -1).join(', ')} or ${values.at(-1)}: ` : '',
      description.charAt(0).toLowerCase() + description.slice(1),
      kind === 'paths' || kind === 'values' ? '; may be given several times' : '',
      kind === 'flag' && isSetting ? `; --no-${name} overrides a configuration that sets it` : '',
    ];
    const lines = [''];
    for (const word of texts.join('').split(' ')) {
      const line = lines.at(-1) ?? '';
      if (LEFT + line.length + 1 + word.length > RIGHT) lines.push(word);
      else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
    }
    const option = `  --${name}${argument === '' ? '' : ` ${argument}`}`;
    return `${option.padEnd(LEFT)}${lines.join(`\n${' '.repeat(LEFT)}`)}\n`;
  };
  return Object.entries<Option>(PROJECT_OPTIONS).map(described).join('');
}

/** The lines of the commands that answer questions. */
function lines(): string {
  return Object.entries(PRINTED)
    .map(([name, printed]) => ('line' in printed ? `  ${name.padEnd(8)} ${printed.line}` : ''))
    .filter((line) => line !== '')
    .join('\n');
}

/** The page of a command that asks one question. */
async function page(command: Plain): Promise<string> {
  const printer: Omit<Printer<never>, 'text' | 'markdown'> = await PRINTERS[command]();
  const takes = TAKES[command];
  const { about, usage = takes === '' ? '' : '[--vault NAME]', options = '' } = printer;
  const own = { '': '', vault: VAULT, 'vault, from': `${VAULT}${FROM}` }[takes];
  return `${about}

Usage: vaultmoat ${[command, usage, '[OPTIONS] [PATH…]'].filter((word) => word !== '').join(' ')}

Options:
${own}${options}${takes === '' ? '' : FACTS}${READING}${takes === '' ? `${FORMAT}${PRINTING}` : ASKED}${READS}`;
}

export async function help(about: Command | undefined): Promise<number> {
  process.stdout.write(about === undefined ? GENERAL : isPlain(about) ? await page(about) : ABOUT[about]);
  return 0;
}

export function version(): number {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  process.stdout.write(`vaultmoat ${(JSON.parse(text) as { version: string }).version}\n`);
  return 0;
}
