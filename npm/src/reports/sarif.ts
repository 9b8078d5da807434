// SARIF 2.1.0 for code scanning in GitHub and Azure DevOps.

import type * as Sarif from 'sarif';
import type {
  Diagnostic,
  Fix,
  Range,
  Report,
  ResourceRef,
  RuleInfo,
  Severity,
  Skipped,
  Suppression,
  Undecided,
} from '../types.js';
import { json, terminalSafe } from './safe.js';

export interface Run {
  readonly report: Report;
  /** Every finding (known, new or suppressed), with its fingerprint if it has one. */
  readonly all: ReadonlyMap<Diagnostic, string | undefined>;
  /** The findings in the baseline; undefined without one. */
  readonly known?: ReadonlySet<Diagnostic> | undefined;
  readonly rules: readonly RuleInfo[];
  /** The page of a rule, in Markdown. */
  readonly pageOf: (rule: RuleInfo) => string;
  /** A path of the report as a URI, and whether that is relative to the root of the repository. */
  readonly uriOf: UriOf;
  readonly version: string;
}

type UriOf = (path: string) => { readonly uri: string; readonly isRelative: boolean };

const ROOT = '%SRCROOT%';
const LEVEL: Record<Severity, 'error' | 'warning' | 'note'> = { error: 'error', warning: 'warning', info: 'note' };
const NOTIFICATIONS = [
  described('undecided', 'A question of a rule that the files leave open.'),
  described('missing-file', 'A file that other files refer to was not read.'),
  described('skipped-file', 'A file that mentions a vault was not read.'),
];

export function sarif({ all, known, report, rules, pageOf, uriOf, version }: Run): string {
  const places = new Places(uriOf);
  const indexOf = new Map(rules.map(({ slug }, index) => [slug, index]));
  const results = [...all].map(([diagnostic, print]): Sarif.Result => {
    const { rule, severity, confidence, message, help, file, range, resource, related, fixes, suppression } = diagnostic;
    return {
      ruleId: rule,
      ...indexed('ruleIndex', indexOf.get(rule)),
      level: LEVEL[severity],
      message: {
        text: [message, help]
          .filter((line) => line !== '')
          .map(plain)
          .join('\n'),
      },
      locations: [{ ...places.at(file, range), ...logical(resource) }],
      ...(related.length > 0 ? { relatedLocations: related.map((other, id) => places.related(other, id)) } : {}),
      // Without `primaryLocationLineHash`: GitHub's upload computes that, and warns of a different value.
      ...(print === undefined ? {} : { partialFingerprints: { 'vaultmoat/v1': print } }),
      ...(known === undefined || suppression ? {} : { baselineState: known.has(diagnostic) ? 'unchanged' : 'new' }),
      ...(suppression ? { suppressions: [suppressed(suppression)] } : {}),
      ...(fixes.length > 0 ? { fixes: fixes.map((fix) => places.fix(fix)) } : {}),
      properties: { confidence },
    };
  });
  const run: Sarif.Run = {
    tool: {
      driver: {
        name: 'vaultmoat',
        fullName: `vaultmoat ${version}`,
        informationUri: 'https://github.com/vaultmoat/vaultmoat',
        version,
        semanticVersion: version,
        rules: rules.map((rule) => descriptor(rule, pageOf(rule))),
        notifications: NOTIFICATIONS,
      },
    },
    columnKind: 'utf16CodeUnits',
    newlineSequences: ['\r\n', '\n', '\r'],
    originalUriBaseIds: { [ROOT]: { description: { text: 'the root of the repository' } } },
    artifacts: report.files.map(({ path }) => ({ location: places.artifact(path), roles: ['analysisTarget'] })),
    invocations: [
      {
        executionSuccessful: true,
        // Not results of the kind `open`: GitHub opens an alert for a result of any kind.
        toolExecutionNotifications: [
          ...report.undecided.map((open) => undecided(open, indexOf.get(open.rule))),
          ...report.missing.map(missing),
          ...report.skipped.map((skipped) => places.skipped(skipped)),
        ],
      },
    ],
    results,
  };
  return json({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] } satisfies Sarif.Log);
}

function descriptor(rule: RuleInfo, text: string): Sarif.ReportingDescriptor {
  const { slug, summary, severity, profile, url } = rule;
  const page = guidance(rule, text);
  return {
    ...described(slug, summary),
    help: { text: page.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/^#+ /gm, ''), markdown: page },
    helpUri: url,
    defaultConfiguration: { level: LEVEL[severity], enabled: profile === 'recommended' },
    properties: { tags: ['security', 'azure', 'key-vault', profile, ...controls(text)] },
  };
}

/** The members of a descriptor that both services require. */
function described(id: string, summary: string): Sarif.ReportingDescriptor {
  const text = { text: summary };
  // The services reject a name that differs from the id only in case.
  const words = id.includes('-') ? id : `${id}-rule`;
  const name = words.replace(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase());
  return { id, name, shortDescription: text, fullDescription: text, help: text };
}

/** Ids of equivalent policies, benchmarks and checks of other tools, as tags like `external/checkov/CKV_AZURE_109`. */
function controls(page: string): string[] {
  const section = /^## Controls\n([^]*?)(?=^## |$(?![^]))/m.exec(page)?.[1] ?? '';
  const lists = [...section.matchAll(/^- (.*)$/gm)].flatMap(([, line = '']) => line.split('; '));
  return lists.flatMap((list) => {
    const [, system = '', ids = ''] = /^([^`]+) (`[^`]+`(?:, `[^`]+`)*)/.exec(list) ?? [];
    const name = system.toLowerCase().replaceAll(' ', '-');
    return [...ids.matchAll(/`([^`]+)`/g)].map(([, id]) => `external/${name}/${id}`);
  });
}

const GUIDANCE = /^## (What it does|Why it matters|Fix safety|References)\n/;

/** The page of a rule without its examples. */
function guidance(rule: RuleInfo, page: string): string {
  const sections = page.split(/^(?=## )/m);
  const chosen = sections.filter((section) => GUIDANCE.test(section)).map((section) => section.trim());
  const folder = rule.url.slice(0, rule.url.lastIndexOf('/') + 1);
  const text = [rule.summary, ...chosen].join('\n\n');
  return text.replace(/\]\(([\w-]+\.md)\)/g, (_, page: string) => `](${folder}${page})`);
}

function undecided({ rule, resource, reason, dependsOn }: Undecided, index: number | undefined): Sarif.Notification {
  const why = dependsOn.length > 0 ? `, which depends on ${dependsOn.map((form) => `\`${form}\``).join(', ')}` : '';
  return {
    descriptor: { id: 'undecided', index: 0 },
    associatedRule: { id: rule, ...indexed('index', index) },
    level: 'note',
    message: { text: plain(`undecided: ${reason}${why}`) },
    ...(resource === null ? {} : { locations: [logical(resource)] }),
  };
}

function missing(path: string): Sarif.Notification {
  return {
    descriptor: { id: 'missing-file', index: 1 },
    level: 'note',
    message: { text: plain(`\`${path}\` was not read`) },
  };
}

function suppressed({ kind, reason }: Suppression): Sarif.Suppression {
  return { kind: kind === 'in-source' ? 'inSource' : 'external', status: 'accepted', justification: plain(reason) };
}

function logical(resource: ResourceRef | null): Pick<Sarif.Location, 'logicalLocations'> {
  if (resource === null) return {};
  const { name, address } = resource;
  return { logicalLocations: [{ name: terminalSafe(name), fullyQualifiedName: terminalSafe(address), kind: 'resource' }] };
}

/** One line of text. `[text](address)` would be a link in a message, so that texts of files are escaped. */
function plain(text: string): string {
  return terminalSafe(text).replace(/\](?=\()/g, '\\]');
}

function indexed<K extends string>(key: K, index: number | undefined): { [key in K]?: number } {
  return index === undefined ? {} : ({ [key]: index } as { [key in K]: number });
}

class Places {
  readonly #uriOf: UriOf;

  constructor(uriOf: UriOf) {
    this.#uriOf = uriOf;
  }

  artifact(path: string): Sarif.ArtifactLocation {
    const { uri, isRelative } = this.#uriOf(path);
    return { uri, ...(isRelative ? { uriBaseId: ROOT } : {}) };
  }

  skipped({ path, reason }: Skipped): Sarif.Notification {
    return {
      descriptor: { id: 'skipped-file', index: 2 },
      level: 'warning',
      message: { text: plain(`\`${path}\` mentions a vault and was not read: ${reason}`) },
      locations: [{ physicalLocation: { artifactLocation: this.artifact(path) } }],
    };
  }

  at(file: string, range: Range): Sarif.Location {
    return { physicalLocation: { artifactLocation: this.artifact(file), region: region(range) } };
  }

  related({ message, file, range }: Diagnostic['related'][number], id: number): Sarif.Location {
    return { id, message: { text: plain(message) }, ...this.at(file, range) };
  }

  fix({ title, applicability, edits }: Fix): Sarif.Fix {
    const files = [...new Set(edits.map(({ file }) => file))];
    return {
      description: { text: plain(title) },
      artifactChanges: files.map((path) => ({
        artifactLocation: this.artifact(path),
        replacements: edits
          .filter(({ file }) => file === path)
          .map(({ range, text }) => ({ deletedRegion: region(range), insertedContent: { text } })),
      })),
      properties: { applicability },
    };
  }
}

/** SARIF counts from 1; its end is exclusive, like that of a `Range`. */
function region({ start, end }: Range): Sarif.Region {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}
