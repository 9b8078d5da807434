// The exports of every entry.

export { EngineCrash } from './engine.js';
export type {
  AccessOptions,
  Engine,
  EngineOptions,
  FixOptions,
  IgnoreEntry,
  Json,
  Language,
  ModuleSource,
  Project,
  ProjectOptions,
  Question,
  RuleLevel,
  RuleSetting,
  Surroundings,
} from './engine.js';
export type * from './types.js';
