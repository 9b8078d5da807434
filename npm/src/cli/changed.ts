// `--changed-since`: the files that changed according to git.

import { spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { InputError } from '../files/error.js';

/** Whether one of these files, or of the files in the same Terraform module, has changed. */
export type IsTouched = (files: Iterable<string>) => boolean;

/** Compares the working tree, with new files that git does not ignore, to a commit. */
export function changedSince(reference: string): IsTouched {
  const [top = ''] = git(reference, ['rev-parse', '--show-toplevel'], '\n');
  // Paths are relative to the top, whatever folder git runs in.
  const tracked = git(
    reference,
    ['diff', '--name-only', '--no-renames', '--no-ext-diff', '-z', '--end-of-options', reference, '--'],
    '\0',
  );
  const added = git(reference, ['ls-files', '--others', '--exclude-standard', '--full-name', '-z', '--', top], '\0');
  const changed = new Set([...tracked, ...added].map((name) => join(top, name)));
  const modules = new Set([...changed].filter(isOfModule).map((path) => dirname(path)));
  return (files) => {
    for (const file of files) {
      const path = resolve(file);
      if (changed.has(path) || (isOfModule(path) && modules.has(dirname(path)))) return true;
    }
    return false;
  };
}

/** A Terraform directory is one module: deleting a file changes it too. */
function isOfModule(path: string): boolean {
  return /\.(tf|tofu|tfvars)(\.json)?$/i.test(path);
}

// A repository that was copied with its `.git` could have git run programs of its author.
const NOTHING_RUNS = ['--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

function git(reference: string, words: string[], separator: string): string[] {
  const how = { encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  const { error, status, stdout, stderr } = spawnSync('git', [...NOTHING_RUNS, ...words], how);
  if (error !== undefined || status !== 0) {
    const [why = ''] = (error?.message ?? stderr).trim().split('\n', 1);
    throw new InputError(`--changed-since ${reference}: ${why.replace(/^fatal: /, 'git: ')}`);
  }
  return stdout.split(separator).filter((name) => name !== '');
}
