// The interface between the page and its parts.

import type { Fix, Range, Report, WorkerProject } from 'vaultmoat';
import type { Settings } from './session.js';
import type { Workspace } from './workspace.js';

export interface App {
  readonly workspace: Workspace;
  /** Undefined until the engine has started. */
  readonly project: WorkerProject | undefined;
  readonly settings: Settings;
  /** The last report, which may be older than the texts. */
  readonly report: Report | undefined;
  /** Selects a range in the text. */
  reveal(file: string | null, range: Range | null): void;
  /** Applies a fix, unless the text has changed since the report. */
  fix(fix: Fix): void;
  /** Opens the input for a parameter. */
  ask(name: string): void;
  /** Changes settings of the project. */
  configure(settings: Partial<Settings>): void;
  /** A project with the same settings and other texts; the caller must dispose of it. */
  copy(files: Iterable<readonly [string, string]>): Promise<WorkerProject>;
  /** Shows a message in the status line. */
  say(text: string): void;
}

/** A part of the page that shows results of the engine. */
export interface Part {
  /** Shows the present state of the project. */
  refresh(app: App): Promise<void>;
}

/** The parameters named in normal forms: `parameters('name')` and `var.name`. */
export function parametersIn(forms: readonly string[]): string[] {
  const names = forms.flatMap((form) =>
    [...form.matchAll(/\bparameters\('([^']+)'\)|\bvar\.([\w-]+)/g)].map(([, arm, terraform]) => arm ?? terraform ?? ''),
  );
  return [...new Set(names)];
}
