// `vaultmoat diff`.

import { createEngine } from '../node.js';
import { vaultName } from '../reports/access.js';
import { markdown } from '../reports/markdown.js';
import type { AccessChange, AccessState, ChangeKind, DiffReport } from '../types.js';
import { type Comparing, UsageError } from './arguments.js';
import { load, refuseUndeclared } from './inputs.js';
import { type Colors, colorsFor, counted, json, print, terminalSafe } from './output.js';

const PARAMETERS = /\.(bicepparam|parameters\.jsonc?|tfvars|tfvars\.json)$/i;

/** A property that every what-if has, and no other file. */
const CHANGES = /"changeType"\s*:/i;

/** Prints whose access changes. Returns whether there is a change that `--fail-on` names. */
export async function diff(options: Comparing): Promise<boolean> {
  const engine = await createEngine();
  // One what-if has both sides.
  const { after: path = options.before } = options;
  const isWhatIf = options.after === undefined;
  const side = async (path: string, before: boolean) => {
    const isParameters = PARAMETERS.test(path) && options.both.length > 0;
    const paths = isParameters ? options.both : [path, ...options.both];
    const parameters = isParameters ? [...options.parameters, path] : options.parameters;
    const project = { ...options.project, before };
    return load(engine, { ...options, paths, parameters, project }, { isSide: true });
  };
  const before = await side(options.before, isWhatIf);
  const after = await side(path, false);
  if (isWhatIf && ![...after.texts.values()].some((text) => CHANGES.test(text))) {
    throw new UsageError(
      '`diff` takes two paths, before and after; one is enough for what `az deployment group what-if` prints as JSON',
    );
  }
  refuseUndeclared([before.report, after.report]);
  const report = before.project.diff(after.project);
  const texts = { json: () => json(report), markdown: () => inMarkdown(report), text: () => text(report, colorsFor(options)) };
  await print(texts[options.format](), options);
  return report.changes.some((change) => fails(change, options.failOn)) || (options.failOn === 'any' && hasOther(report));
}

const FAILS: Record<Comparing['failOn'], (change: AccessChange) => boolean> = {
  'new-access': ({ before, after }) => after?.outcome === 'allowed' && before?.outcome !== 'allowed',
  'lost-access': ({ before, after }) => before?.outcome === 'allowed' && after?.outcome !== 'allowed',
  any: () => true,
  never: () => false,
};

function fails(change: AccessChange, failOn: Comparing['failOn']): boolean {
  return FAILS[failOn](change);
}

function hasOther({ added, removed }: DiffReport): boolean {
  return added.length + removed.length > 0;
}

const TITLES: Record<ChangeKind, string> = {
  'newly-allowed': 'newly allowed',
  'newly-denied': 'newly denied',
  'newly-undecided': 'newly undecided',
  'other-path': 'by another path',
  appeared: 'new callers',
  gone: 'removed callers',
};

function text(report: DiffReport, colors: Colors): string {
  const color: Record<ChangeKind, (text: string) => string> = {
    'newly-allowed': colors.red,
    'newly-denied': colors.yellow,
    'newly-undecided': colors.cyan,
    'other-path': colors.reset,
    appeared: colors.reset,
    gone: colors.reset,
  };
  const parts = groups(report.changes).map(([kind, changes]) => {
    const rows = changes.map((change) => `  ${terminalSafe(line(change))}\n`);
    return `${color[kind](colors.bold(TITLES[kind]))}\n${rows.join('')}`;
  });
  if (report.whenCreated.length > 0) {
    const rows = report.whenCreated.map((change) => `  ${terminalSafe(line(change))}\n`);
    parts.push(`${colors.bold(ONLY_CREATED)}\n${rows.join('')}`);
  }
  const vaults = (title: string, found: DiffReport['added']) =>
    found.length === 0 ? [] : [`${colors.bold(title)}\n${found.map(({ name }) => `  ${terminalSafe(name)}\n`).join('')}`];
  parts.push(...vaults('vaults added', report.added), ...vaults('vaults removed', report.removed));
  const rest = `${counted(report.unchanged, 'caller')} unchanged\n`;
  if (parts.length === 0) return `no caller's access changes: ${rest}`;
  const isUnchanged = report.changes.length + report.added.length + report.removed.length === 0;
  return [...(isUnchanged ? ["no caller's access changes as long as the existing vaults are kept\n"] : []), ...parts, rest].join(
    '\n',
  );
}

/** The heading of changes that an existing vault is not affected by. */
const ONLY_CREATED = 'only if the vault is created again (an existing vault keeps the values that the files no longer set)';

function groups(changes: readonly AccessChange[]): [ChangeKind, AccessChange[]][] {
  const kinds = Object.keys(TITLES) as ChangeKind[];
  const found = kinds.map((kind): [ChangeKind, AccessChange[]] => [kind, changes.filter((change) => change.kind === kind)]);
  return found.filter(([, changes]) => changes.length > 0);
}

function line({ vault, caller, before, after }: AccessChange): string {
  const because = (after ?? before)?.because;
  return `${caller} → ${vaultName(vault)}: ${state(before)} → ${state(after)}${because ? `, ${because}` : ''}`;
}

function state(of: AccessState | null): string {
  if (of === null) return 'absent';
  return of.outcome === 'allowed' ? `allowed (${of.via})` : of.outcome;
}

function inMarkdown(report: DiffReport): string {
  const { changes, unchanged, added, removed } = report;
  const rows = groups(changes).flatMap(([kind, own]) =>
    own.map(
      ({ vault, caller, before, after }) =>
        `| ${TITLES[kind]} | ${markdown(caller)} | ${markdown(vaultName(vault))} | ${state(before)} | ${state(after)} | ${markdown((after ?? before)?.because ?? '')} |\n`,
    ),
  );
  const created = report.whenCreated.map((change) => `- ${markdown(line(change))}\n`);
  const vaults = (title: string, found: DiffReport['added']) =>
    found.map(({ name }) => `- ${title}: ${markdown(name)}\n`).join('');
  return [
    '### Who can reach the vaults\n',
    rows.length > 0
      ? `| Change | Caller | Vault | Before | After | Why |\n|---|---|---|---|---|---|\n${rows.join('')}`
      : "No caller's access changes.\n",
    created.length > 0
      ? `Only if the vault is created again; an existing vault keeps the values that the files no longer set:\n\n${created.join('')}`
      : '',
    `${vaults('vault added', added)}${vaults('vault removed', removed)}`,
    `${counted(unchanged, 'caller')} unchanged.\n`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}
