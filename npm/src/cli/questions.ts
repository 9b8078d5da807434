// Generated from the table of questions in core/src/project.rs. After a change there: make types

import type { Questions } from '../questions.js';
import type { Printer } from './ask.js';

/** The reports that commands print: the command, the type, and the line in the list of commands. */
export const PRINTED = {
  check: { command: 'check', report: 'Report', line: "report what is wrong (the default command, on the current folder by default)" },
  model: { command: 'model', report: 'ModelReport', line: "print the network model of the files" },
  explain: { command: 'explain', report: 'Decision', line: "show who can reach a vault and by which path, and who cannot and why" },
  access: { command: 'explain', report: 'AccessReport' },
  plan: { command: 'plan', report: 'Plan', line: "plan the change of a vault from public to private access, with the callers that would lose access at each step" },
  diff: { command: 'diff', report: 'DiffReport', line: "show whose access changes between two templates, exports or parameter files" },
  resolve: { command: 'resolve', report: 'Resolution', line: "show what a vault's name resolves to, and where resolution leaves the private path" },
  graph: { command: 'graph', report: 'GraphReport', line: "draw the network around the vaults" },
  monitor: { command: 'monitor', report: 'MonitorReport', line: "print queries that watch the vaults, and policies that keep them as they are" },
} as const satisfies { [Name in keyof Questions]?: { command: string; report: string; line?: string } };

/** How text is made of those that are printed and no more. */
export const PRINTERS = {
  model: async () => (await import('./model.js')).printer,
  explain: async () => (await import('./explain.js')).printer,
  access: async () => (await import('./access.js')).printer,
  plan: async () => (await import('./plan.js')).printer,
  resolve: async () => (await import('./resolve.js')).printer,
  monitor: async () => (await import('./monitor.js')).printer,
} as const satisfies { [Name in keyof Questions]?: () => Promise<Printer<ReturnType<Questions[Name]>>> };
