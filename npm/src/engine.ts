/// <reference lib="esnext.disposable" preserve="true" />
// The engine: plain data in and out, with one handle per project.

import * as wasm from '../wasm/vaultmoat.js';
import { refuseUnknown, requireObject, requireText } from './options.js';
import type { ProjectOptions } from './project-options.js';
import { type Questions, TAKES } from './questions.js';
import type { Range, RuleInfo, Severity } from './types.js';

export type { ProjectOptions, Surroundings } from './project-options.js';

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The language of a file. */
export type Language =
  'arm' | 'arm-parameters' | 'bicep' | 'bicep-parameters' | 'terraform' | 'terraform-variables' | 'terraform-plan' | 'azure-json';

/** The severity of a rule's findings. */
export type RuleLevel = 'off' | Severity;

/** A rule with options. */
export interface RuleSetting {
  readonly severity?: RuleLevel | undefined;
  /** The shortest prefix length that `broad-ip-rule` does not report. Default: 16. */
  readonly prefix?: number | undefined;
}

/** Intentional findings of one rule. */
export interface IgnoreEntry {
  /** Slug of the rule. */
  readonly rule: string;
  /** The address of the resource in reports, case-insensitive; `*` for all. */
  readonly resource: string;
  /** The files with the findings, as a pattern of `.gitignore` with `*`, `?` and `**`. Default: all. */
  readonly file?: string | undefined;
  /** Why the findings are intentional. */
  readonly reason: string;
  /** Where the entry is written: `unused-suppression` reports an unused entry there. Without it, unused entries are not reported. */
  readonly place?: { readonly file: string; readonly range: Range } | undefined;
}

/** Options of `fix`. */
export interface FixOptions {
  /** Slugs of the rules whose findings are fixed. Default: every rule. */
  readonly rules?: readonly string[] | undefined;
  /** Includes fixes that may change what a template does. */
  readonly unsafe?: boolean | undefined;
}

/** Options of `access` and `plan`. */
export interface AccessOptions {
  /** Name, address or id of the vault. Default: every vault. */
  readonly vault?: string | undefined;
}

/** A caller and a vault. */
export interface Question {
  /** Name, address or id of the vault. Optional if the files have one vault. */
  readonly vault?: string | undefined;
  /**
   * The caller: `ip:203.0.113.7`, `subnet:vnet/app`, `vnet:NAME`, `service:NAME`, `consumer:ADDRESS`, `internet`,
   * `trusted-services`, `hosted-agent`, `portal`, `on-premises` or `on-premises:forwarder=ADDRESS`.
   */
  readonly from: string;
}

/** The WebAssembly module: its address, its bytes, a response with them, or the compiled module. */
export type ModuleSource = URL | string | BufferSource | Response | WebAssembly.Module;

/** Options of `createEngine`: `wasm` replaces the WebAssembly module of the package. */
export interface EngineOptions {
  readonly wasm?: ModuleSource | Promise<ModuleSource> | undefined;
}

/** The engine crashed in a call, which is a bug in vaultmoat. Engine and projects can be used again at once. */
export class EngineCrash extends Error {
  override readonly name = 'EngineCrash';
}

/** The engine, from `createEngine`. */
export class Engine {
  /** The version of the package. */
  readonly version: string = wasm.version();

  /** An empty project. Unknown options are refused. */
  project(options: ProjectOptions = {}): Project {
    return new Project(options);
  }

  /** Every rule, in catalogue order. */
  rules(): RuleInfo[] {
    return guarded(() => wasm.rules() as RuleInfo[]);
  }

  /** The language of a text, by its path and content; `undefined` if vaultmoat does not read it. */
  identify(path: string, text: string): Language | undefined {
    requireText({ path, text });
    return guarded(() => wasm.identify(path, text) as Language | undefined);
  }

  /** Whether a text in an unsupported language mentions a vault, its resources or the commands for them. */
  namesVault(path: string, text: string): boolean {
    requireText({ path, text });
    return guarded(() => wasm.names_vault(path, text));
  }
}

/** Files and options; checking is a pure function of the two. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-empty-object-type -- the class defines a method for each question
export interface Project extends Questions {}
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- as above
export class Project {
  static {
    for (const question of Object.keys(TAKES) as (keyof Questions)[]) {
      const value = function (this: Project, given: never): unknown {
        return this.#ask(question, given);
      };
      Object.defineProperty(this.prototype, question, { value, writable: true, configurable: true });
    }
  }

  readonly #options: ProjectOptions;
  readonly #files = new Map<string, string>();
  #handle: wasm.Project | undefined;
  #life = life;

  /** @internal */
  constructor(options: ProjectOptions) {
    requireObject('the options of a project', options);
    this.#options = structuredClone(options);
    this.#handle = guarded(() => new wasm.Project(this.#options));
  }

  /** Adds or replaces a file. Reports use `path`, and relative references resolve against it. */
  set(path: string, text: string): void {
    if (typeof path !== 'string' || typeof text !== 'string') {
      throw new TypeError('`project.set` needs a path and a text, both strings');
    }
    this.#call((handle) => handle.set(path, text));
    this.#files.set(path, text);
  }

  /** Removes a file; unknown paths are ignored. */
  remove(path: string): void {
    requireText({ path });
    this.#call((handle) => handle.remove(path));
    this.#files.delete(path);
  }

  /** @internal Paths of the files that the texts name as part of them, and that are not here. */
  references(): string[] {
    return this.#call((handle) => handle.references());
  }

  /** Frees the memory. */
  dispose(): void {
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle !== undefined && this.#life === life) handle.free();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #ask(question: keyof Questions, given: never): unknown {
    const takes = TAKES[question];
    if (takes !== 'after') {
      const passed = PASSED[takes](given);
      return this.#call((handle) => asFunctions(handle)[question](...passed));
    }
    const after: unknown = given;
    if (!(after instanceof Project)) throw new TypeError('`after` must be a project');
    if (after === this) throw new TypeError(`\`${question}\` needs another project`);
    return this.#call((before) => after.#call((handle) => asFunctions(before)[question](handle)));
  }

  #call<T>(call: (handle: wasm.Project) => T): T {
    if (this.#handle === undefined) throw new Error('the project was disposed of');
    return guarded(() => {
      if (this.#life !== life) {
        const handle = new wasm.Project(this.#options);
        for (const [path, text] of this.#files) handle.set(path, text);
        this.#handle = handle;
        this.#life = life;
      }
      return call(this.#handle as wasm.Project);
    });
  }
}

/** Checks what a question takes. Returns what the module gets. */
const PASSED = {
  '': () => [],
  vault: (options: AccessOptions = {}) => [vaultOf(options)],
  'vault, from': (question: Question) => [vaultOf(question, ['vault', 'from']), fromOf(question)],
  options: (options: FixOptions = {}) => [options],
} as const satisfies Record<string, (given: never) => unknown[]>;

function asFunctions(handle: wasm.Project): Record<keyof Questions, (...passed: unknown[]) => unknown> {
  return handle as unknown as Record<keyof Questions, (...passed: unknown[]) => unknown>;
}

function vaultOf(options: AccessOptions, known: readonly string[] = ['vault']): string | undefined {
  refuseUnknown(options, known);
  const { vault } = options;
  if (vault !== undefined && typeof vault !== 'string') {
    throw new TypeError('`vault` must be a string: the name, address or id of a vault');
  }
  return vault;
}

function fromOf({ from }: Question): string {
  if (typeof from !== 'string') throw new TypeError('`from` must be a string: a caller such as `internet`');
  return from;
}

// The generation of the WebAssembly instance. A trap ends one; projects are restored in the next.
let life = 0;

/** @internal */
export function guarded<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    // A RangeError is a stack overflow in the host, which also interrupts a call.
    if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
    wasm.__wbg_reset_state();
    life += 1;
    throw new EngineCrash(`the engine crashed: ${error.message}`, { cause: error });
  }
}
