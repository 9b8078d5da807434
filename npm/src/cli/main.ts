// The command line: `vaultmoat COMMAND …`. Output starts after everything was read and checked.

import { ConfigError } from '../config/config.js';
import { parse, UsageError } from './arguments.js';
import { InputError } from '../files/error.js';
import { terminalSafe } from './output.js';

const FINDINGS = 1;
const FAILED = 2;

async function main(words: string[]): Promise<number> {
  const request = parse(words);
  switch (request.command) {
    case 'help':
      return (await import('./help.js')).help(request.about);
    case 'version':
      return (await import('./help.js')).version();
    case 'check':
      if (request.options.watch) return (await import('./watch.js')).watch(request.options);
      return (await (await import('./check.js')).check(request.options)) ? FINDINGS : 0;
    case 'stream':
      return (await (await import('./stream.js')).stream(request.options)) ? FINDINGS : 0;
    case 'ask':
      await (await import('./ask.js')).ask(request.question, request.options);
      return 0;
    case 'diff':
      return (await (await import('./diff.js')).diff(request.options)) ? 1 : 0;
    case 'init':
      await (await import('./init.js')).init(request.folder);
      return 0;
    case 'graph':
      await (await import('./graph.js')).graph(request.options);
      return 0;
    case 'lsp':
      await (await import('../lsp/node.js')).lsp();
      return 0;
    case 'rules':
      await (await import('./rules.js')).rules(request.options);
      return 0;
    case 'facts':
      await (await import('./facts.js')).facts(request.options);
      return 0;
  }
}

// A reader such as `head` may close the pipe early; that is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`vaultmoat: standard output cannot be written: ${error.message}\n`);
  process.exit(FAILED);
});
// There is nowhere left to report this.
process.stderr.on('error', () => process.exit(FAILED));

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const expected = error instanceof InputError || error instanceof ConfigError || error instanceof UsageError;
  const message =
    error instanceof Error ? (expected ? terminalSafe(error.message) : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`vaultmoat: ${message}\n`);
  if (error instanceof UsageError) process.stderr.write('`vaultmoat --help` lists the commands and their options\n');
  process.exitCode = FAILED;
}
