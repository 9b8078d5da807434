// The engine in its worker, with one project.

import { createWorkerEngine, type ProjectOptions, type Report, type WorkerEngine, type WorkerProject } from 'vaultmoat';

/** The settings of the project. */
export interface Settings {
  readonly parameter: Readonly<Record<string, string>>;
  /** Empty for the cloud of the providers and regions in the files. */
  readonly cloud: '' | 'public' | 'usgov' | 'china';
  readonly profile: 'recommended' | 'strict';
  readonly together: boolean;
}

export const DEFAULTS: Settings = { parameter: {}, cloud: '', profile: 'recommended', together: false };

/** One project at a time, which is replaced when the settings change. */
export class Session {
  readonly engine: WorkerEngine;
  project: WorkerProject;

  private constructor(engine: WorkerEngine, project: WorkerProject) {
    this.engine = engine;
    this.project = project;
  }

  static async start(): Promise<Session> {
    const engine = await createWorkerEngine();
    performance.mark('engine-ready');
    return new Session(engine, await engine.project());
  }

  /** Replaces the project. */
  async open(settings: Settings, files: Iterable<readonly [string, string]>): Promise<void> {
    const project = await this.copy(settings, files);
    this.project.dispose();
    this.project = project;
  }

  /** Another project, which the caller must dispose of. */
  async copy(settings: Settings, files: Iterable<readonly [string, string]>): Promise<WorkerProject> {
    const { cloud, ...others } = settings;
    const options: ProjectOptions = cloud === '' ? others : { ...others, cloud };
    const project = await this.engine.project(options);
    for (const [path, text] of files) void project.set(path, text);
    return project;
  }

  /** The report; undefined if a newer one was requested. */
  async check(): Promise<Report | undefined> {
    return latest(this.project.check());
  }
}

/** The answer, or undefined if a newer request replaced it. */
async function latest<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined;
    throw error;
  }
}
