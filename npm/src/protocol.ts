// The messages between the worker and its client. The client has at most one request open, which keeps the order, and lets
// it drop cancelled requests before they are sent.

import type { ModuleSource, ProjectOptions } from './engine.js';
import { type Questions, TAKES } from './questions.js';

/** Both sides must have the same version and the same questions: a bundler may have cached an old worker. */
export const PROTOCOL = ['1', ...Object.keys(TAKES)].join(' ');

/** The worker's first message. */
export interface Ready {
  readonly ready: string;
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
  /** `given` is the number of a project for a question that takes one. */
  | { readonly call: 'ask'; readonly project: number; readonly question: keyof Questions; readonly given: unknown };

/** A call with the number that its answer repeats. */
export type Request = { readonly id: number } & Call;

/** The answer to one call. */
export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string } };
