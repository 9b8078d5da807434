// Generated from the tables of options in core/src/options.rs. After a change there: make types

import type { IgnoreEntry, Json, RuleLevel, RuleSetting } from './engine.js';

/** Options of a project. */
export interface ProjectOptions {
  /** The rules to run; `strict` runs every rule. Default: `recommended`. */
  readonly profile?: 'recommended' | 'strict' | undefined;
  /** The Azure cloud of the files; by default, the one of their providers and regions, then `public`. */
  readonly cloud?: 'public' | 'usgov' | 'china' | undefined;
  /** Parameter files, by their paths; the templates are checked once with each. */
  readonly parameters?: readonly string[] | undefined;
  /** Values of template parameters; they override parameter files. */
  readonly parameter?: Readonly<Record<string, Json>> | undefined;
  /** Treat the files as complete: assume that no other resources exist. */
  readonly complete?: boolean | undefined;
  /** Treat all files as one environment. */
  readonly together?: boolean | undefined;
  /** Read a what-if as the state before the deployment instead of the state after it. */
  readonly before?: boolean | undefined;
  /** The network around the files, which the files do not describe. */
  readonly environment?: Surroundings | undefined;
  /** Severities by rule; `off` disables a rule, any other value enables it in every profile. */
  readonly rules?: Readonly<Record<string, RuleLevel | RuleSetting>> | undefined;
  /** Intentional findings to suppress. */
  readonly ignore?: readonly IgnoreEntry[] | undefined;
  /** A prefix that paths get before they are matched with `file` of an `ignore` entry, such as `infra/`. */
  readonly folder?: string | undefined;
}

/** The network that the files are deployed into. An absent member is unknown. */
export interface Surroundings {
  /** An Azure Policy assignment creates the zone groups of private endpoints. */
  readonly policyManagedDns?: boolean | undefined;
  /** Addresses of DNS servers that forward the names of vaults to Azure; `true` for all DNS servers of the networks. */
  readonly dnsForwarders?: boolean | readonly string[] | undefined;
  /** Address ranges on premises. */
  readonly onPremises?: readonly string[] | undefined;
  /** Public IP addresses of pipeline agents. */
  readonly runnerAddresses?: readonly string[] | undefined;
  /** Subnets of pipeline agents: names, addresses or ids. */
  readonly runnerSubnets?: readonly string[] | undefined;
}
