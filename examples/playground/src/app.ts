// What the parts of the page share.

import type { Fix, Range, Report, WorkerProject } from 'vaultmoat';
import type { Settings } from './session.js';
import type { Workspace } from './workspace.js';

export interface App {
  readonly workspace: Workspace;
  /** Undefined until the engine runs. */
  readonly project: WorkerProject | undefined;
  readonly settings: Settings;
  /** The report on the texts as they are, or the last one. */
  readonly report: Report | undefined;
  /** Selects a place in the text. */
  reveal(file: string | null, range: Range | null): void;
  /** Makes the changes of a fix, unless the text has changed since. */
  fix(fix: Fix): void;
  /** Asks for the value of a parameter. */
  ask(name: string): void;
  /** Changes how the project is checked. */
  configure(settings: Partial<Settings>): void;
  /** A project of the same settings with other texts; the caller disposes of it. */
  copy(files: Iterable<readonly [string, string]>): Promise<WorkerProject>;
  /** Says something in the status line. */
  say(text: string): void;
}

/** A part that shows what the engine says of the files. */
export interface Part {
  /** Shows the project as it is now. */
  refresh(app: App): Promise<void>;
}

/** The parameters named in normal forms: `parameters('name')` and `var.name`. */
export function parametersIn(forms: readonly string[]): string[] {
  const names = forms.flatMap((form) =>
    [...form.matchAll(/\bparameters\('([^']+)'\)|\bvar\.([\w-]+)/g)].map(([, arm, terraform]) => arm ?? terraform ?? ''),
  );
  return [...new Set(names)];
}
