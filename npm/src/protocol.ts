// The messages between the worker and its client. The client has at most one request open, which keeps the order, and lets
// it drop cancelled requests before they are sent.

import type { AccessOptions, FixOptions, ModuleSource, ProjectOptions, Question } from './engine.js';

/** Both sides must have the same version: a bundler may have cached an old worker. */
export const PROTOCOL = 1;

/** The worker's first message. */
export interface Ready {
  readonly ready: number;
}

/** One call. */
export type Call =
  | { readonly call: 'start'; readonly wasm: Exclude<ModuleSource, URL | Response> | undefined }
  | { readonly call: 'rules' }
  | { readonly call: 'identify'; readonly path: string; readonly text: string }
  | { readonly call: 'open'; readonly project: number; readonly options: ProjectOptions }
  | { readonly call: 'close'; readonly project: number }
  | { readonly call: 'set'; readonly project: number; readonly path: string; readonly text: string }
  | { readonly call: 'remove'; readonly project: number; readonly path: string }
  | { readonly call: 'check'; readonly project: number }
  | { readonly call: 'fix'; readonly project: number; readonly options: FixOptions }
  | { readonly call: 'model'; readonly project: number }
  | { readonly call: 'explain'; readonly project: number; readonly question: Question }
  | { readonly call: 'access'; readonly project: number; readonly options: AccessOptions }
  | { readonly call: 'resolve'; readonly project: number; readonly question: Question }
  | { readonly call: 'plan'; readonly project: number; readonly options: AccessOptions }
  | { readonly call: 'diff'; readonly project: number; readonly after: number }
  | { readonly call: 'graph'; readonly project: number }
  | { readonly call: 'monitor'; readonly project: number }
  | { readonly call: 'controls'; readonly project: number };

/** A call with the number that its answer repeats. */
export type Request = { readonly id: number } & Call;

/** The answer to one call. */
export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string } };
