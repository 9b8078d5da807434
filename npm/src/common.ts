// What every entry exports.

export { EngineCrash } from './engine.js';
export type { Engine, EngineOptions, FixOptions, IgnoreEntry, Json, Language, Project, ProjectOptions } from './engine.js';
export type * from './types.js';
