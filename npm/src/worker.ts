// The module worker of `createWorkerEngine`: it runs the engine.

import { createEngine } from './browser.js';
import type { Engine, Project } from './engine.js';
import { type Answer, type Call, PROTOCOL, type Ready, type Request } from './protocol.js';

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
  const project = projects.get(call.project);
  if (project === undefined) throw new Error('the project was disposed of');
  switch (call.call) {
    case 'set':
      return project.set(call.path, call.text);
    case 'remove':
      return project.remove(call.path);
    case 'check':
      return project.check();
    case 'fix':
      return project.fix(call.options);
    case 'model':
      return project.model();
    case 'explain':
      return project.explain(call.question);
    case 'access':
      return project.access(call.options);
    case 'resolve':
      return project.resolve(call.question);
    case 'plan':
      return project.plan(call.options);
    case 'diff': {
      const after = projects.get(call.after);
      if (after === undefined) throw new Error('the project was disposed of');
      return project.diff(after);
    }
    case 'graph':
      return project.graph();
    case 'monitor':
      return project.monitor();
    case 'controls':
      return project.controls();
  }
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
