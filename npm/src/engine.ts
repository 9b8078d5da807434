/// <reference lib="esnext.disposable" preserve="true" />
// The engine behind every entry: plain data in, plain data out, one handle per project.

import * as wasm from '../wasm/vaultmoat.js';
import { refuseUnknown, requireObject, requireText } from './options.js';
import type {
  AccessReport,
  ControlsReport,
  Decision,
  DiffReport,
  FileEdits,
  GraphReport,
  ModelReport,
  MonitorReport,
  Plan,
  Range,
  Report,
  Resolution,
  RuleInfo,
  Severity,
} from './types.js';

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a file is. */
export type Language =
  'arm' | 'arm-parameters' | 'bicep' | 'bicep-parameters' | 'terraform' | 'terraform-variables' | 'terraform-plan' | 'azure-json';

/** How a project is checked. */
export interface ProjectOptions {
  /** Which Azure. Default: `public`. */
  readonly cloud?: 'public' | 'usgov' | 'china' | undefined;
  /** Which rules. Default: `recommended`. */
  readonly profile?: 'recommended' | 'strict' | undefined;
  /** What is not in the files does not exist. */
  readonly complete?: boolean | undefined;
  /** All files are one environment. */
  readonly together?: boolean | undefined;
  /** What a what-if shows is read as it is before the deployment. Default: as it is after it. */
  readonly before?: boolean | undefined;
  /** Paths of parameter files among the project's files; each gives one run. */
  readonly parameters?: readonly string[] | undefined;
  /** Values of template parameters by name, as JSON values or as text; they win over every file. */
  readonly parameter?: Readonly<Record<string, Json>> | undefined;
  /** Severities by slug of the rule; `off` turns one off, any other turns it on whatever the profile says. */
  readonly rules?: Readonly<Record<string, RuleLevel | RuleSetting>> | undefined;
  /** What is around the files and cannot be read in them. */
  readonly environment?: Surroundings | undefined;
  /** Findings that are meant. */
  readonly ignore?: readonly IgnoreEntry[] | undefined;
  /** What stands before every path where `file` of an entry is looked at: `infra/` for the files of that folder. */
  readonly folder?: string | undefined;
}

/** How all findings of a rule are graded. */
export type RuleLevel = 'off' | Severity;

/** A rule with options. */
export interface RuleSetting {
  readonly severity?: RuleLevel | undefined;
  /** The shortest prefix that `broad-ip-rule` lets pass. Default: 16. */
  readonly prefix?: number | undefined;
}

/** What somebody says of the environment that the files are deployed into. What is not said is unknown. */
export interface Surroundings {
  /** A policy writes the zone groups of private endpoints. */
  readonly policyManagedDns?: boolean | undefined;
  /** Addresses of DNS servers that forward the names of vaults to Azure; `true` for all that networks name. */
  readonly dnsForwarders?: boolean | readonly string[] | undefined;
  /** Ranges of addresses outside of Azure. */
  readonly onPremises?: readonly string[] | undefined;
  /** Public addresses that pipelines come from. */
  readonly runnerAddresses?: readonly string[] | undefined;
  /** Subnets that pipelines run in: names, addresses or ids. */
  readonly runnerSubnets?: readonly string[] | undefined;
}

/** Findings of one rule that are meant. */
export interface IgnoreEntry {
  /** Slug of the rule. */
  readonly rule: string;
  /** Address of the resource as reports give it, compared without case; `*` for all. */
  readonly resource: string;
  /** The files they are in, as a pattern of `.gitignore` with `*`, `?` and `**`. Default: all. */
  readonly file?: string | undefined;
  /** Why they are meant. */
  readonly reason: string;
  /** Where the entry is written. When it suppresses nothing that is reported there, and not at all without this. */
  readonly place?: { readonly file: string; readonly range: Range } | undefined;
}

/** What is mended. */
export interface FixOptions {
  /** Slugs of the rules whose findings are mended. Default: every rule. */
  readonly rules?: readonly string[] | undefined;
  /** Fixes that may change what a template does, too. */
  readonly unsafe?: boolean | undefined;
}

/** Which vaults are asked about. */
export interface AccessOptions {
  /** Name, address or id of the vault. Default: every vault. */
  readonly vault?: string | undefined;
}

/** Who asks which vault. */
export interface Question {
  /** Name, address or id of the vault. It need not be given where the files have one. */
  readonly vault?: string | undefined;
  /**
   * The caller: `ip:203.0.113.7`, `subnet:vnet/app`, `vnet:NAME`, `service:NAME`, `consumer:ADDRESS`, `internet`,
   * `trusted-services`, `hosted-agent`, `portal`, `on-premises` or `on-premises:forwarder=ADDRESS`.
   */
  readonly from: string;
}

/** The WebAssembly module: its address, its bytes, a response that brings them, or the compiled module. */
export type ModuleSource = URL | string | BufferSource | Response | WebAssembly.Module;

/** Where the WebAssembly module comes from, when not from the package itself. */
export interface EngineOptions {
  readonly wasm?: ModuleSource | Promise<ModuleSource> | undefined;
}

/** The engine stopped in the middle of a call: a defect of ours. Everything can be used again at once. */
export class EngineCrash extends Error {
  override readonly name = 'EngineCrash';
}

/** The engine. Made by `createEngine`. */
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

  /** What a text is, by its content; `undefined` for one that is none of ours. */
  identify(path: string, text: string): Language | undefined {
    requireText({ path, text });
    return guarded(() => wasm.identify(path, text) as Language | undefined);
  }

  /** Whether a text that is in no language of these names a vault, its resources or the commands for them. */
  namesVault(path: string, text: string): boolean {
    requireText({ path, text });
    return guarded(() => wasm.names_vault(path, text));
  }
}

/** Files and options; checking is a pure function of the two. */
export class Project {
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

  /** Adds or replaces a file. `path` is what reports call it; relative references resolve against it. */
  set(path: string, text: string): void {
    if (typeof path !== 'string' || typeof text !== 'string') {
      throw new TypeError('project.set takes a path and a text, both strings');
    }
    this.#call((handle) => handle.set(path, text));
    this.#files.set(path, text);
  }

  /** Forgets a file; unknown paths are ignored. */
  remove(path: string): void {
    requireText({ path });
    this.#call((handle) => handle.remove(path));
    this.#files.delete(path);
  }

  /** Runs every rule. */
  check(): Report {
    return this.#call((handle) => handle.check() as Report);
  }

  /**
   * The edits that mend what can be mended at once, per file. Nothing is changed: set the new texts and ask again
   * until there are none, since fixes that meet wait for one another.
   */
  fix(options: FixOptions = {}): FileEdits[] {
    return this.#call((handle) => handle.fix(options) as FileEdits[]);
  }

  /** The network model that was found. */
  model(): ModelReport {
    return this.#call((handle) => handle.model() as ModelReport);
  }

  /** What becomes of a request: gate by gate, with what would let the caller in. Throws where somebody is not in the files. */
  explain(question: Question): Decision {
    const { vault, from } = asked(question);
    return this.#call((handle) => handle.explain(vault, from) as Decision);
  }

  /** What becomes of a request of every caller in the files, of the internet and of trusted services. */
  access(options: AccessOptions = {}): AccessReport {
    const vault = vaultOf(options);
    return this.#call((handle) => handle.access(vault) as AccessReport);
  }

  /** What a vault's name resolves to, as a caller sees it. */
  resolve(question: Question): Resolution {
    const { vault, from } = asked(question);
    return this.#call((handle) => handle.resolve(vault, from) as Resolution);
  }

  /** The way of a vault from public to private access, and how far the files are on it. */
  plan(options: AccessOptions = {}): Plan {
    const vault = vaultOf(options);
    return this.#call((handle) => handle.plan(vault) as Plan);
  }

  /** What changes for whom from this project to another one. */
  diff(after: Project): DiffReport {
    if (!(after instanceof Project)) throw new TypeError('`after` is the project that `diff` compares with');
    if (after === this) throw new TypeError('`diff` compares with another project');
    return this.#call((before) => after.#call((handle) => before.diff(handle) as DiffReport));
  }

  /** The network around the vaults, with the findings where they are; `vaultmoat/graph` draws it. */
  graph(): GraphReport {
    return this.#call((handle) => handle.graph() as GraphReport);
  }

  /** How to watch the vaults, and which policies keep them as they are. */
  monitor(): MonitorReport {
    return this.#call((handle) => handle.monitor() as MonitorReport);
  }

  /** Which built-in policies each vault satisfies, on what, and what that is evidence for. */
  controls(): ControlsReport {
    return this.#call((handle) => handle.controls() as ControlsReport);
  }

  /** Gives the memory back. */
  dispose(): void {
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle !== undefined && this.#life === life) handle.free();
  }

  [Symbol.dispose](): void {
    this.dispose();
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

function vaultOf(options: AccessOptions, known: readonly string[] = ['vault']): string | undefined {
  refuseUnknown(options, known);
  const { vault } = options;
  if (vault !== undefined && typeof vault !== 'string') {
    throw new TypeError('`vault` is the name, address or id of a vault, a string');
  }
  return vault;
}

function asked(question: Question): Question {
  vaultOf(question, ['vault', 'from']);
  if (typeof question.from !== 'string') throw new TypeError('`from` is the caller, a string such as `internet`');
  return question;
}

// Which life of the WebAssembly instance this is. A trap ends one; projects move to the next by themselves.
let life = 0;

/** @internal */
export function guarded<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    // A RangeError is the host's stack at its end, in the middle of a call like any trap.
    if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
    wasm.__wbg_reset_state();
    life += 1;
    throw new EngineCrash(`the engine crashed: ${error.message}`, { cause: error });
  }
}
