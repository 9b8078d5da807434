// `--format junit`: a suite for every file, a case for every rule and resource with a finding; suppressed ones
// are skipped.

import type { Diagnostic, Skipped } from '../types.js';
import { type Checked, grouped, reaches } from './checked.js';
import { terminalSafe } from './output.js';

export function junit({ report, failOn }: Checked): string {
  // With `never`, warnings are still failures in the published report.
  const threshold = (found: Diagnostic) => {
    const chosen = failOn(found);
    return chosen === 'never' ? 'warning' : chosen;
  };
  const ours = report.files.filter(({ language }) => language !== 'other').map(({ path }) => path);
  const byFile = grouped([...report.diagnostics, ...report.suppressed], ({ file }) => file);
  const files = [...new Set([...ours, ...byFile.keys()])].sort();
  const suites = files.map((file) => {
    const cases = grouped(byFile.get(file) ?? [], ({ rule, resource }) => JSON.stringify([rule, resource?.address ?? null]));
    return suite(file, [...cases.values()], (diagnostic) => reaches(diagnostic.severity, threshold(diagnostic)));
  });
  if (report.skipped.length > 0) suites.push(notRead(report.skipped));
  const sum = (count: (suite: Suite) => number) => suites.reduce((all, suite) => all + count(suite), 0);
  const counts = {
    tests: sum(({ tests }) => tests),
    failures: sum(({ failures }) => failures),
    skipped: sum(({ skipped }) => skipped),
  };
  const list = suites.map(({ xml }) => xml).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name: 'vaultmoat', ...counts, ...NONE }, `\n${list}`)}`;
}

const NONE = { errors: 0, time: 0 };

interface Suite {
  readonly tests: number;
  readonly failures: number;
  readonly skipped: number;
  readonly xml: string;
}

function suite(file: string, groups: readonly Diagnostic[][], fails: (diagnostic: Diagnostic) => boolean): Suite {
  const cases = groups.map((all) => {
    const [{ rule, resource, suppression }] = all as [Diagnostic];
    const counting = all.filter((diagnostic) => diagnostic.suppression === undefined);
    const name = resource === null ? rule : `${rule}: ${resource.address}`;
    const failed = counting.filter(fails);
    const passed = counting.filter((diagnostic) => !fails(diagnostic));
    const parts = failed.map((diagnostic) =>
      element('failure', { message: diagnostic.message, type: rule }, escaped(describe(diagnostic))),
    );
    // Suppressed findings come last: if the first one is suppressed, all are.
    const isSkipped = suppression !== undefined;
    if (isSkipped) parts.push(element('skipped', { message: suppression.reason }));
    if (passed.length > 0) parts.push(element('system-out', {}, escaped(passed.map(describe).join('\n'))));
    return {
      isFailed: failed.length > 0,
      isSkipped,
      xml: element('testcase', { name, classname: file, time: 0 }, `\n${parts.join('')}`),
    };
  });
  if (cases.length === 0) {
    cases.push({
      isFailed: false,
      isSkipped: false,
      xml: element('testcase', { name: 'nothing wrong found', classname: file, time: 0 }),
    });
  }
  const tests = cases.length;
  const failures = cases.filter(({ isFailed }) => isFailed).length;
  const skipped = cases.filter(({ isSkipped }) => isSkipped).length;
  const counts = { tests, failures, skipped, ...NONE };
  const xml = element('testsuite', { name: file, ...counts }, `\n${cases.map((one) => one.xml).join('')}`);
  return { tests, failures, skipped, xml };
}

/** Files that were not read have no test case: they are in the log of a suite of their own. */
function notRead(skipped: readonly Skipped[]): Suite {
  const lines = skipped.map(({ path, reason }) => terminalSafe(`${path}: mentions a vault and was not read: ${reason}`));
  const counts = { tests: 0, failures: 0, skipped: 0 };
  const log = element('system-out', {}, escaped(lines.join('\n')));
  return { ...counts, xml: element('testsuite', { name: 'files that were not read', ...counts, ...NONE }, `\n${log}`) };
}

function describe({ severity, confidence, message, help, file, range: { start }, url }: Diagnostic): string {
  const likely = confidence === 'likely' ? ' (likely)' : '';
  const lines = [`${file}:${start.line + 1}:${start.character + 1}: ${severity}${likely}: ${message}`, help, url];
  return lines
    .filter((line) => line !== '')
    .map(terminalSafe)
    .join('\n');
}

function element(name: string, attributes: Record<string, string | number>, content = ''): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(terminalSafe(String(value)))}"`);
  const start = `${name}${list.join('')}`;
  return content.trim() === '' ? `<${start}/>\n` : `<${start}>${content}</${name}>\n`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Escapes text for XML, and replaces characters that XML cannot contain. */
function escaped(text: string): string {
  return text.replace(/[\p{Surrogate}\ufffe\uffff]/gu, '·').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
