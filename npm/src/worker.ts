// The module worker of `createWorkerEngine`: it runs the engine.

import { createEngine } from './browser.js';
import type { Engine, Project } from './engine.js';
import { type Answer, type Call, PROTOCOL, type Ready, type Request } from './protocol.js';
import { type Questions, TAKES } from './questions.js';

const post = (message: Ready | Answer): void => globalThis.postMessage(message);
const projects = new Map<number, Project>();
let engine: Engine | undefined;

async function answer(call: Call): Promise<unknown> {
  if (call.call === 'start') {
    engine = await createEngine({ wasm: call.wasm });
    return engine.version;
  }
  if (engine === undefined) throw new Error('the worker was not started');
  switch (call.call) {
    case 'rules':
      return engine.rules();
    case 'identify':
      return engine.identify(call.path, call.text);
    case 'open':
      projects.set(call.project, engine.project(call.options));
      return;
    case 'close':
      projects.get(call.project)?.dispose();
      projects.delete(call.project);
      return;
  }
  const project = opened(call.project);
  switch (call.call) {
    case 'set':
      return project.set(call.path, call.text);
    case 'remove':
      return project.remove(call.path);
    case 'ask':
      return ask(project, call.question, TAKES[call.question] === 'after' ? opened(call.given as number) : call.given);
  }
}

function ask(project: Project, question: keyof Questions, given: unknown): unknown {
  return (project[question] as (given: unknown) => unknown).call(project, given);
}

function opened(number: number): Project {
  const project = projects.get(number);
  if (project === undefined) throw new Error('the project was disposed of');
  return project;
}

globalThis.addEventListener('message', ({ data }: MessageEvent<Request>) => void respond(data));

async function respond(request: Request): Promise<void> {
  const { id } = request;
  try {
    post({ id, value: await answer(request) });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    post({ id, error: { name, message } });
  }
}

post({ ready: PROTOCOL });
