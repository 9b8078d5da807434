// The client of an engine in a worker: the same interface, asynchronous.

import { EngineCrash, type EngineOptions, type Language, type ModuleSource, type ProjectOptions } from './engine.js';
import { refuseUnknown } from './options.js';
import { type Answer, type Call, PROTOCOL, type Ready, type Request } from './protocol.js';
import { type Questions, TAKES, type WorkerQuestions } from './questions.js';
import type { RuleInfo } from './types.js';

/** Options of `createWorkerEngine`. */
export interface WorkerEngineOptions extends EngineOptions {
  /** The address of `vaultmoat/worker`, if a bundler or a content security policy needs a different one. */
  readonly workerUrl?: URL | string | undefined;
  /** Milliseconds to wait for the worker's first message. Default: 10,000. */
  readonly handshakeTimeout?: number | undefined;
}

/** Options of one request. */
export interface RequestOptions {
  /** Cancels the request. */
  readonly signal?: AbortSignal | undefined;
}

/** The engine in a worker. */
export interface WorkerEngine {
  /** The version of the package. */
  readonly version: string;
  /** An empty project. Unknown options are refused. */
  project(options?: ProjectOptions): Promise<WorkerProject>;
  /** Every rule, in catalogue order. */
  rules(): Promise<RuleInfo[]>;
  /** The language of a text, by its path and content; `undefined` if vaultmoat does not read it. */
  identify(path: string, text: string): Promise<Language | undefined>;
  /** Ends the worker; open requests are rejected. */
  dispose(): void;
}

/** Files and options in a worker. */
export interface WorkerProject extends WorkerQuestions {
  /** Adds or replaces a file. Requests keep their order, so there is no need to await this before the next one. */
  set(path: string, text: string): Promise<void>;
  /** Removes a file. */
  remove(path: string): Promise<void>;
  /** Frees the memory. */
  dispose(): void;
}

/** Starts the engine in a new worker. */
export async function createWorkerEngine(options: WorkerEngineOptions = {}): Promise<WorkerEngine> {
  refuseUnknown(options, ['wasm', 'workerUrl', 'handshakeTimeout']);
  const client = new Client(options);
  const version = await client.start();
  let projects = 0;
  return {
    version,
    rules: () => client.request({ call: 'rules' }) as Promise<RuleInfo[]>,
    identify: (path, text) => client.request({ call: 'identify', path, text }) as Promise<Language | undefined>,
    dispose: () => client.end(new Error('the engine was disposed of')),
    project: async (options = {}) => {
      const project = projects++;
      await client.request({ call: 'open', project, options });
      return opened(client, project, options);
    },
  };
}

function opened(client: Client, project: number, options: ProjectOptions): WorkerProject {
  const files = new Map<string, string>();
  client.replays.set(project, () => [
    { call: 'open', project, options },
    ...[...files].map(([path, text]): Call => ({ call: 'set', project, path, text })),
  ]);
  const latest = new Map<string, AbortController>();
  /** Gives up an older request for the same. */
  const asked = (question: keyof Questions, { signal }: RequestOptions = {}): Promise<unknown> => {
    latest.get(question)?.abort(aborted(`a newer ${question} was requested`));
    const controller = new AbortController();
    latest.set(question, controller);
    const given = signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]);
    return client.request({ call: 'ask', project, question, given: undefined }, given);
  };
  const ask = (question: keyof Questions, given: never): Promise<unknown> => {
    const takes = TAKES[question];
    if (takes === '') return asked(question, given);
    return client.request({ call: 'ask', project, question, given: takes === 'after' ? client.numberOf(given) : given });
  };
  const questions = (Object.keys(TAKES) as (keyof Questions)[]).map((question) => [
    question,
    (given: never) => ask(question, given),
  ]);
  const handle: WorkerProject = {
    ...(Object.fromEntries(questions) as WorkerQuestions),
    set: (path, text) => {
      files.set(path, text);
      return client.request({ call: 'set', project, path, text }) as Promise<void>;
    },
    remove: (path) => {
      files.delete(path);
      return client.request({ call: 'remove', project, path }) as Promise<void>;
    },
    dispose: () => {
      client.replays.delete(project);
      void client.request({ call: 'close', project });
    },
  };
  client.numbers.set(handle, project);
  return handle;
}

interface Open {
  readonly call: Call;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The module as it can be sent to a worker; undefined if the worker fetches its own. */
type Portable = Exclude<ModuleSource, URL | Response> | undefined;

async function portable({ wasm, workerUrl }: WorkerEngineOptions): Promise<Portable> {
  const source = await wasm;
  if (source === undefined && workerUrl === undefined) {
    // Compiles while the worker starts. A policy may forbid that in the page, and allow it in the worker.
    const address = new URL('../wasm/vaultmoat_bg.wasm', import.meta.url);
    return WebAssembly.compileStreaming(fetch(address)).catch(() => undefined);
  }
  return source instanceof URL ? source.href : source instanceof Response ? source.arrayBuffer() : source;
}

class Client {
  /** The calls that restore each project in a new worker. */
  readonly replays = new Map<number, () => Call[]>();
  /** The number of each project in the worker. */
  readonly numbers = new WeakMap<WorkerProject, number>();
  readonly #options: WorkerEngineOptions;
  readonly #module: Promise<Portable>;
  #worker: Worker | undefined;
  #queue: Open[] = [];
  #sent: (Open & { readonly id: number }) | undefined;
  #ids = 0;
  #ready = false;
  #ended: Error | undefined;

  constructor(options: WorkerEngineOptions) {
    this.#options = options;
    this.#module = portable(options);
    this.#module.catch(() => undefined);
  }

  /** Starts a worker and its engine. Returns the engine's version. */
  async start(): Promise<string> {
    const { workerUrl, handshakeTimeout = 10_000 } = this.#options;
    // Bundlers match exactly this expression.
    const worker =
      workerUrl === undefined
        ? new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
        : new Worker(workerUrl, { type: 'module' });
    this.#worker = worker;
    let wasm: Portable;
    try {
      await handshake(worker, handshakeTimeout);
      wasm = await this.#module;
    } catch (error) {
      this.end(error as Error);
      throw error;
    }
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#answered(data);
    worker.onerror = (event) => void this.#crashed(event.message);
    worker.onmessageerror = () => void this.#crashed('a message could not be read');
    // Before the waiting requests: start the engine, and restore the projects of the last worker.
    const waiting = this.#queue;
    this.#queue = [];
    this.#ready = true;
    const started = this.request({ call: 'start', wasm });
    for (const replay of this.replays.values()) for (const call of replay()) void this.request(call);
    this.#queue.push(...waiting);
    return started as Promise<string>;
  }

  request(call: Call, signal?: AbortSignal): Promise<unknown> {
    const promise = new Promise((resolve, reject) => {
      if (this.#ended !== undefined) throw this.#ended;
      signal?.throwIfAborted();
      const open = { call, resolve, reject };
      this.#queue.push(open);
      signal?.addEventListener('abort', () => {
        this.#queue = this.#queue.filter((other) => other !== open);
        reject(signal.reason as Error);
      });
      this.#next();
    });
    // If the result of a `set` is not awaited, the next `check` reports its error.
    promise.catch(() => undefined);
    return promise;
  }

  numberOf(project: WorkerProject): number {
    const number = this.numbers.get(project);
    if (number === undefined) throw new TypeError('`diff` needs a project of the same engine');
    return number;
  }

  /** Ends the worker, and rejects open and later requests. */
  end(error: Error): void {
    this.#ended = error;
    this.#worker?.terminate();
    for (const open of this.#forget()) open.reject(error);
  }

  #next(): void {
    if (!this.#ready || this.#sent !== undefined) return;
    const open = this.#queue.shift();
    if (open === undefined) return;
    this.#sent = { ...open, id: this.#ids++ };
    const request: Request = { id: this.#sent.id, ...open.call };
    try {
      this.#worker?.postMessage(request);
    } catch (error) {
      // The request contains a value that cannot be cloned.
      this.#sent = undefined;
      open.reject(error);
      this.#next();
    }
  }

  #answered(answer: Answer): void {
    const sent = this.#sent;
    if (sent?.id !== answer.id) return;
    this.#sent = undefined;
    if ('error' in answer) sent.reject(revived(answer.error));
    else sent.resolve(answer.value);
    this.#next();
  }

  /** Rejects the request that crashed the worker, and sends the others to a new one. */
  async #crashed(reason: string): Promise<void> {
    if (this.#ended !== undefined) return;
    this.#worker?.terminate();
    this.#ready = false;
    const sent = this.#sent;
    this.#sent = undefined;
    const error = new EngineCrash(`the worker crashed: ${reason}`);
    sent?.reject(error);
    // A worker that crashes at its start would do so forever.
    if (sent?.call.call === 'start') this.end(error);
    else await this.start().catch(() => undefined);
  }

  #forget(): Open[] {
    const open = this.#sent === undefined ? this.#queue : [this.#sent, ...this.#queue];
    this.#sent = undefined;
    this.#queue = [];
    return open;
  }
}

function handshake(worker: Worker, timeout: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        new Error(`the worker did not answer within ${timeout} ms: check its address and the page's content security policy`),
      );
    }, timeout);
    worker.onmessage = ({ data }: MessageEvent<Ready>) => {
      clearTimeout(timer);
      if (data?.ready === PROTOCOL) resolve();
      else reject(new Error('the worker is from a different version of vaultmoat'));
    };
    worker.onerror = (event) => {
      clearTimeout(timer);
      reject(new Error(`the worker could not be loaded${event.message ? `: ${event.message}` : ''}`));
    };
  });
}

function revived({ name, message }: { name: string; message: string }): Error {
  if (name === 'EngineCrash') return new EngineCrash(message);
  return name === 'TypeError' ? new TypeError(message) : new Error(message);
}

function aborted(reason: string): DOMException {
  return new DOMException(reason, 'AbortError');
}
