// Generated from the tables of options in core/src/options.rs. After a change there: make types

import type { ProjectOptions } from '../project-options.js';

/** An option of a project. */
export interface Option {
  /** What its value is. */
  readonly kind: string;
  /** The values that a `choice` can have. */
  readonly choices?: readonly string[];
  /** Whether the configuration has it. */
  readonly isSetting?: true;
  /** The default in the configuration. */
  readonly default?: boolean | string;
  /** Of an option that the command line has: the word for its value in the help, empty for one without a value. */
  readonly argument?: string;
  readonly description: string;
}

export const PROJECT_OPTIONS = {
  profile: {
    kind: 'choice',
    choices: ['recommended', 'strict'],
    isSetting: true,
    default: 'recommended',
    argument: 'NAME',
    description: "The rules to run; `strict` runs every rule",
  },
  cloud: {
    kind: 'choice',
    choices: ['public', 'usgov', 'china'],
    isSetting: true,
    argument: 'NAME',
    description: "The Azure cloud of the files; by default, the one of their providers and regions, then `public`",
  },
  parameters: {
    kind: 'paths',
    argument: 'FILE',
    description: "Parameter files, by their paths; the templates are checked once with each",
  },
  parameter: {
    kind: 'values',
    argument: 'NAME=VALUE',
    description: "Values of template parameters; they override parameter files",
  },
  complete: {
    kind: 'flag',
    isSetting: true,
    default: false,
    argument: '',
    description: "Treat the files as complete: assume that no other resources exist",
  },
  together: {
    kind: 'flag',
    isSetting: true,
    default: false,
    argument: '',
    description: "Treat all files as one environment",
  },
  before: {
    kind: 'flag',
    description: "Read a what-if as the state before the deployment instead of the state after it",
  },
  environment: {
    kind: 'site',
    isSetting: true,
    description: "The network around the files, which the files do not describe",
  },
  rules: {
    kind: 'levels',
    isSetting: true,
    description: "Severities by rule; `off` disables a rule, any other value enables it in every profile",
  },
  ignore: {
    kind: 'entries',
    isSetting: true,
    description: "Intentional findings to suppress",
  },
  folder: {
    kind: 'text',
    description: "A prefix that paths get before they are matched with `file` of an `ignore` entry, such as `infra/`",
  },
} as const satisfies Record<keyof ProjectOptions, Option>;

/** The members of `environment`, as the configuration names them. */
export const ENVIRONMENT_OPTIONS = {
  'policy-managed-dns': {
    kind: 'flag',
    description: "An Azure Policy assignment creates the zone groups of private endpoints",
  },
  'dns-forwarders': {
    kind: 'forwarders',
    description: "Addresses of DNS servers that forward the names of vaults to Azure; `true` for all DNS servers of the networks",
  },
  'on-premises': {
    kind: 'networks',
    description: "Address ranges on premises",
  },
  'runner-addresses': {
    kind: 'addresses',
    description: "Public IP addresses of pipeline agents",
  },
  'runner-subnets': {
    kind: 'texts',
    description: "Subnets of pipeline agents: names, addresses or ids",
  },
} as const satisfies Record<string, Option>;

/** The options of the command line that are options of a project. */
export const PROJECT_ARGUMENTS = {
  profile: { type: 'string' },
  cloud: { type: 'string' },
  parameters: { type: 'string', multiple: true, default: [] as string[] },
  parameter: { type: 'string', multiple: true, default: [] as string[] },
  complete: { type: 'boolean' },
  'no-complete': { type: 'boolean' },
  together: { type: 'boolean' },
  'no-together': { type: 'boolean' },
} as const;
