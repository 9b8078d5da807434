// `--help` and `--version`.

import { readFileSync } from 'node:fs';
import type { Command } from './arguments.js';

const GENERAL = `vaultmoat reads Azure templates, builds one network model of a Key Vault, and says what is wrong with it.

Usage: vaultmoat [COMMAND] [OPTIONS] [PATH…]

Commands:
  check    say what is wrong (the default, on the folder it is run in)
  model    print the network model that was found
  explain  say who can reach a vault, by which path, and why not
  plan     say how a vault gets from public to private access, and who would lose access at which step
  diff     say for whom something changes between two templates, exports or parameter files
  resolve  say what a vault's name resolves to, and where it leaves the private path
  graph    draw the network around the vaults
  monitor  print queries that watch the vaults, and policies that keep them as they are
  rules    list the rules, or print the page of one
  facts    list the facts about Azure that decisions rest on, or print one with its sources
  init     write a vaultmoat.toml with every setting and its default
  lsp      serve an editor

\`vaultmoat COMMAND --help\` lists the options of a command.
Exit codes: 0 clean, 1 findings at or above --fail-on, 2 usage or input error.
`;

const READING = `  --profile NAME          recommended (default) or strict: everything
  --cloud NAME            public, usgov or china; without it, what providers and regions in the files say, then public
  --parameters FILE       a parameter file; one run for each of them
  --parameter NAME=VALUE  the value of a template parameter; wins over every file
  --complete              what is not in the files does not exist; --no-complete, where a configuration says so
  --together              all files are one environment; --no-together, where a configuration says they are
  --config FILE           the configuration, instead of the nearest one above each file; its patterns are relative to the
                          folder it is run in
  --stdin-filename NAME   what standard input, given as -, is called
  --no-errors-on-unmatched
                          paths that hold nothing that is read are not an error
`;

const FORMAT = `  --format NAME           text (default) or json
`;

const PRINTING = `  -o, --output FILE       write there instead of to standard output
  -q, --quiet             only what was asked for: no summary, no progress
  -h, --help              this text
  -V, --version           the version
`;

const CHECKED = `  --format NAME           text (default), json, sarif, junit, github, azure-pipelines or markdown; several pairs of
                          --format and --output make several files, all of them or none
${PRINTING}`;

const ASKED = `${FORMAT.replace(' or json', ', json or markdown')}${PRINTING}`;

const FACTS = `  --facts                 in text and markdown: the numbers of the facts about Azure that each step rests on; \`vaultmoat facts\`
                          prints them
`;

const ASKING = `  --vault NAME            name, address or id of the vault; needed where the files have several
  --from CALLER           ip:ADDRESS, subnet:NAME, vnet:NAME, consumer:ADDRESS (a resource in the files), service:NAME (on the
                          list of trusted services), internet, trusted-services, hosted-agent, portal, on-premises or
                          on-premises:forwarder=ADDRESS (what the DNS servers there forward to)
`;

const READS = `
PATH is a file, a folder, or - for standard input; without one it is the folder it is run in. In a folder, .bicep and
.bicepparam files count, and the .json, .jsonc and .ndjson files that are ARM templates, also inside of what Azure's tools wrap
around them, parameter files or JSON as Azure prints it; what git ignores is not entered. Parameter files beside a file,
linked templates and modules are read with it, and modules from a registry where Bicep has restored them; a .bicepparam
file that is named brings its template.
Paths that hold nothing of all that are an error. Files that name a vault and are not read, such as scripts, are named.
Hidden folders are entered, but never .git, .terraform and node_modules. Symbolic links in a folder are not followed,
binary files are passed over, and a template of more than 20 MB, or one that is not text, is refused.

The nearest vaultmoat.toml above a file, or "vaultmoat" in a package.json, within the repository, says how it is checked;
what is said on the command line goes before it. \`vaultmoat init\` writes one with every setting.
`;

const ABOUT: Record<Command, string> = {
  check: `Says what is wrong.

Usage: vaultmoat check [OPTIONS] [PATH…]

Options:
  --fail-on SEVERITY      error, warning (default), info or never: what exits with 1
  --changed-since REF     only templates and modules in which something, or in what they use, differs from that commit
  --fix                   make the fixes that keep the meaning, in the files that were named
  --unsafe-fixes          make those that change what is reachable, too
  --diff                  print what fixing would change, and write nothing; exits with 1 if there is anything
  --write-baseline FILE   write down every finding there is as known
  --controls              with --format json or markdown: which built-in policies of Azure each vault satisfies, on what, and
                          the requirements that is evidence for
  --notes                 in text: each note about how a vault is governed, instead of one line for each vault
  --undecided             in text: what the files leave open, and what that depends on
  --suppressed            with --format sarif: suppressed findings too, as results with their reason; GitHub does not read
                          that they are suppressed, and opens an alert for each
  -j, --jobs N            threads at most (default: as many as the machine runs at once); a run that is over soon has one, and
                          the report does not depend on it
  -w, --watch             check again whenever something changes, until Ctrl-C
  --stream                an estate of any size: files, or - for standard input, with one resource per line as Azure Resource
                          Graph exports them; prints one JSON record per line, each finding with the line of its resource.
                          Goes with --fail-on, --output, --profile, --cloud, --complete and --config only
  --baseline FILE         show and count only findings that are not in it, and say which in it do not occur any more
${READING}${CHECKED}${READS}
Fixing standard input prints the fixed text on standard output, and the findings that are left on standard error.
github and azure-pipelines annotate the run they are printed in; markdown is for its summary, or a comment. What stays
undecided is no result in sarif, but a notification. With --stream files are read twice: a pipe that is no standard input is
refused, and of standard input that is no file 256 MB are kept at most.
`,
  model: `Prints the network model that was found: vaults, endpoints, zones, networks and how they are linked.

Usage: vaultmoat model [OPTIONS] [PATH…]

Options:
${READING}${FORMAT}${PRINTING}${READS}`,
  graph: `Draws the network around the vaults: who reaches them and who is refused, by which endpoint, rule or perimeter, and
what \`check\` finds, where it is. What the files leave open is dotted.

Usage: vaultmoat graph [OPTIONS] [PATH…]

Options:
  --format NAME           mermaid (default), dot, svg or json
${READING}${PRINTING}${READS}`,
  explain: `Says what becomes of a request to a vault: every gate with its reason, and what would let the caller in.
Without --from it is a table of everybody in the files.

Usage: vaultmoat explain [--vault NAME] [--from CALLER] [OPTIONS] [PATH…]

Options:
${ASKING}${FACTS}${READING}${ASKED}${READS}`,
  resolve: `Says what a vault's name resolves to, as somebody sees it: name by name, zone by zone.

Usage: vaultmoat resolve --from CALLER [--vault NAME] [OPTIONS] [PATH…]

Options:
${ASKING}${FACTS}${READING}${ASKED}${READS}`,
  plan: `Plans the way of a vault from public to private access without downtime: what is done, what still blocks, who would
lose access at each step, commands, verification, and a way back that does not open the vault to the internet.

Usage: vaultmoat plan [--vault NAME] [OPTIONS] [PATH…]

Options:
  --vault NAME            name, address or id of the vault; needed where the files have several
  --target NAME           private (default)
${FACTS}${READING}${ASKED}${READS}`,
  diff: `Says for whom something changes: who is newly let in, who is newly refused, who goes another path.

Usage: vaultmoat diff [OPTIONS] BEFORE AFTER
       vaultmoat diff [OPTIONS] WHAT-IF

BEFORE and AFTER are files or folders: templates, exports of Azure, or parameter files of the template beside them or
given to --with. WHAT-IF is what \`az deployment group what-if --no-pretty-print\` prints: what it changes, before against
after.

Options:
  --with PATH             read on both sides; may be given several times
  --fail-on CHANGE        new-access, lost-access, any or never (default): what exits with 1
${READING}${ASKED}`,
  init: `Writes a vaultmoat.toml with every setting, its default and what it does. A file that is there is left alone.

Usage: vaultmoat init [FOLDER]

Options:
  -h, --help              this text
  -V, --version           the version
`,
  monitor: `Prints Kusto queries that watch the vaults, and assignments of Azure's built-in policies that keep them as they
are. The text is Markdown.

Usage: vaultmoat monitor [OPTIONS] [PATH…]

Options:
${READING}${FORMAT}${PRINTING}${READS}`,
  rules: `Lists the rules, or prints the page of one.

Usage: vaultmoat rules [OPTIONS] [RULE]

Options:
${FORMAT}${PRINTING}`,
  facts: `Lists the facts about Azure that rules and decisions rest on, or prints one with its sources.

Usage: vaultmoat facts [OPTIONS] [NUMBER]

Options:
${FORMAT}${PRINTING}`,
  lsp: `Serves an editor that speaks the Language Server Protocol: findings while you type, fixes, what is under the cursor,
and who can reach a vault. The editor starts it and opens the files; settings are its section \`vaultmoat\`
(profile, cloud, complete, codeLens, inlayHints) and the nearest vaultmoat.toml above the folder that is open.

Usage: vaultmoat lsp --stdio

Options:
  --stdio                 over standard input and output
  --node-ipc              over the channel of a parent process in Node
  -h, --help              this text
  -V, --version           the version
`,
};

export function help(about: Command | undefined): number {
  process.stdout.write(about === undefined ? GENERAL : ABOUT[about]);
  return 0;
}

export function version(): number {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  process.stdout.write(`vaultmoat ${(JSON.parse(text) as { version: string }).version}\n`);
  return 0;
}
