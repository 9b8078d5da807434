// The pipeline examples work.

import { Ajv } from 'ajv';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { root } from './templates.js';

/** @param {string[]} words */
const policy = (...words) =>
  spawnSync(process.execPath, ['policy.js', ...words], { cwd: join(root, 'examples/node-ci'), encoding: 'utf8' });

test('a closed vault passes the policy of the example', () => {
  const { status, stdout } = policy('../templates/private-endpoint.json');
  assert.equal(status, 0, stdout);
  assert.match(stdout, /private-endpoint\.json:\d+: .*: closed/);
});

test('an open vault, and no vault at all, do not', () => {
  assert.equal(policy('../templates/open-vault.json').status, 1);
  assert.equal(policy().status, 1);
});

test('the npm scripts of the example work', () => {
  const { status, stdout } = spawnSync('npm', ['run', '--silent', 'check'], {
    cwd: join(root, 'examples/node-ci'),
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.match(stdout, /vaults in \d+ files/);
});

// Examples to copy: their files are valid, and their scripts run.

const example = join(root, 'examples/node-ci');
const require = createRequire(import.meta.url);
const scratch = mkdtempSync(join(tmpdir(), 'vaultmoat-ci-'));
after(() => rmSync(scratch, { recursive: true }));
before(() => {
  execFileSync('npm', ['pack', '--loglevel=error', '--workspace', 'vaultmoat', '--pack-destination', scratch], { cwd: root });
});

const HOOKS = 'pre-commit-hooks.json';
const WORKFLOW = '.github/workflows/vaultmoat.yml';
const RELEASE = '.github/workflows/release.yml';
const ACTION = '.github/actions/vaultmoat/action.yml';
const SCHEMAS = {
  [WORKFLOW]: 'github-workflow.json',
  [ACTION]: 'github-action.json',
  'azure-pipelines.yml': 'raw.githubusercontent.com/microsoft/azure-pipelines-vscode/master/service-schema.json',
  '.pre-commit-config.yaml': 'pre-commit-config.json',
  '.pre-commit-hooks.yaml': HOOKS,
};

/** @param {string} name */
function schemaOf(name) {
  const { $schema, ...schema } = JSON.parse(readFileSync(require.resolve(`schemastore/schemas/json/${name}`), 'utf8'));
  // The schema is older than this key of hooks.
  if (name === HOOKS) schema.items.properties.additional_dependencies = { type: 'array' };
  return schema;
}

/** @param {string} name */
const text = (name) => readFileSync(join(example, name), 'utf8');

/** @param {string} name @returns {any} */
const yaml = (name) => parse(text(name));

for (const [name, schema] of Object.entries(SCHEMAS)) {
  test(`${name} is valid by its schema`, () => {
    const ajv = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false });
    if (schema !== HOOKS) ajv.addSchema(schemaOf(HOOKS), `https://json.schemastore.org/${HOOKS}`);
    const isValid = ajv.compile(schemaOf(schema));
    assert.ok(isValid(yaml(name)), JSON.stringify(isValid.errors?.slice(0, 3)));
    assert.ok(!isValid({ steps: 7, jobs: 7, repos: 7, runs: 7 }));
  });
}

/** Every workflow and action of this repository. @type {string[]} */
const workflows = ['.github', 'examples'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name) && /(^|\/)(workflows\/|action\.)/.test(name) && !name.includes('node_modules'))
    .map((name) => join(root, folder, name)),
);

test('third-party actions are pinned to a commit with its version, everywhere', () => {
  const known = workflows.map((file) => readFileSync(file, 'utf8'));
  for (const name of [WORKFLOW, ACTION]) assert.ok(known.includes(text(name)), name);
  assert.ok(known.includes(readFileSync(join(root, RELEASE), 'utf8')));
  const uses = known.flatMap((text) => [...text.matchAll(/uses: *(\S+)(.*)$/gm)]);
  assert.ok(uses.length >= 8);
  /** @type {Map<string, string>} */
  const versions = new Map();
  for (const [, action, comment] of uses) {
    if (action.startsWith('./.github/workflows/')) assert.ok(existsSync(join(root, action)), action);
    else if (action.startsWith('./')) assert.ok(existsSync(join(example, action, 'action.yml')), action);
    else assert.match(action + comment, /^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    // One version of each.
    const [name] = action.split('@');
    assert.equal(versions.get(name) ?? action, action);
    versions.set(name, action);
  }
});

test('a release is published after all tests, by a job that runs no code of the repository and has no token', () => {
  const { permissions, jobs } = parse(readFileSync(join(root, RELEASE), 'utf8'));
  assert.deepEqual(permissions, {});
  assert.deepEqual(jobs.publish.needs, ['test', 'build']);
  assert.equal(jobs.test.uses, './.github/workflows/ci.yml');
  assert.equal(jobs.test.with.everything, true);
  assert.deepEqual(jobs.build.permissions, { contents: 'read' });
  assert.deepEqual(jobs.publish.permissions, { contents: 'read', 'id-token': 'write' });
  const scripts = jobs.publish.steps.flatMap((/** @type {any} */ { run = [] }) => run);
  assert.deepEqual(scripts, ['npm publish ./*.tgz --provenance --access public']);
  assert.doesNotMatch(readFileSync(join(root, RELEASE), 'utf8'), /secrets\.|TOKEN/);
  for (const { run = '' } of jobs.build.steps) assert.doesNotMatch(run, /\$\{\{/);
});

test('inputs are never part of a script', () => {
  for (const { run } of yaml(ACTION).runs.steps) assert.doesNotMatch(run, /\$\{\{/);
  for (const { bash = '' } of yaml('azure-pipelines.yml').steps) assert.doesNotMatch(bash, /\$\(/);
  const [{ with: inputs }] = yaml(WORKFLOW).jobs.check.steps.filter((/** @type {any} */ step) => step.uses?.startsWith('./'));
  for (const name of Object.keys(inputs)) assert.ok(name in yaml(ACTION).inputs, name);
});

const clean = "output nothing string = ''\n";
const open = readFileSync(join(root, 'examples/templates/open-vault.json'), 'utf8');

/** A repository with these files, and temporary folders of its pipeline. @param {string} name @param {Record<string, string>} files */
function repository(name, files) {
  const place = join(scratch, name);
  const [cwd, temp, reports] = ['repository', 'temp', 'reports'].map((folder) => join(place, folder));
  for (const folder of [join(cwd, '.git'), temp, reports]) mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), content);
  }
  return { cwd, temp, reports };
}

const version = () => `file:${join(scratch, 'vaultmoat-0.1.0.tgz')}`;

/** Runs a script like a runner. @param {string} script @param {string} cwd @param {Record<string, string>} env */
function bash(script, cwd, env) {
  const file = join(cwd, '../step.sh');
  writeFileSync(file, script);
  const how = { cwd, env: { ...process.env, ...env }, encoding: /** @type {const} */ ('utf8') };
  return spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file], how);
}

/** Runs the action with these inputs. @param {ReturnType<typeof repository>} place @param {Record<string, string>} given */
function action({ cwd, temp }, given) {
  const { inputs, runs } = yaml(ACTION);
  const value = (/** @type {string} */ name) => given[name] ?? String(inputs[name].default);
  const summary = join(temp, 'step-summary');
  let output = '';
  for (const { run, env } of runs.steps) {
    const filled = Object.entries(env).map(([name, from]) => {
      const [, input] = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(String(from)) ?? assert.fail(`what is ${from}?`);
      return [name, value(input)];
    });
    const own = { RUNNER_TEMP: temp, GITHUB_STEP_SUMMARY: summary };
    const { status, stdout, stderr } = bash(run, cwd, { ...Object.fromEntries(filled), ...own });
    output += stdout + stderr;
    if (status !== 0) return { status, output, summary };
  }
  return { status: 0, output, summary };
}

test('the action annotates, writes the summary and SARIF, and fails with the check', () => {
  const place = repository('action', { 'infra/open.json': open, 'a b/clean.bicep': clean });
  const { status, output, summary } = action(place, { version: version(), paths: 'a b\ninfra\n' });
  assert.equal(status, 1, output);
  assert.match(output, /^::warning file=infra\/open\.json,line=\d+/m);
  assert.match(readFileSync(summary, 'utf8'), /^### vaultmoat: \d+ findings$/m);
  const log = JSON.parse(readFileSync(join(place.cwd, 'vaultmoat.sarif'), 'utf8'));
  assert.ok(log.runs[0].results.length > 0);

  const command = join(place.temp, 'vaultmoat/node_modules/.bin/vaultmoat');
  execFileSync(command, ['check', '--write-baseline', 'known.json'], { cwd: place.cwd });
  const again = action(place, { version: version(), baseline: 'known.json', 'fail-on': 'info', sarif: 'other.sarif' });
  assert.equal(again.status, 0, again.output);
  assert.match(readFileSync(again.summary, 'utf8'), /^### vaultmoat: nothing new found$/m);
  assert.ok(existsSync(join(place.cwd, 'other.sarif')));
  assert.equal(action(place, { version: version(), 'fail-on': 'never' }).status, 0);

  const hostile = action(place, { version: version(), paths: '$(touch pwned); `touch pwned` "' });
  assert.equal(hostile.status, 2);
  assert.ok(!existsSync(join(place.cwd, 'pwned')));
});

/** The scripts of the pipeline, in order. @param {ReturnType<typeof repository>} place */
function pipeline({ cwd, temp, reports }) {
  const { steps, variables } = yaml('azure-pipelines.yml');
  const values = new Map(
    variables.map((/** @type {{ name: string, value: unknown }} */ { name, value }) => [name, String(value)]),
  );
  values.set('vaultmoatVersion', version());
  let failed = 0;
  let output = '';
  for (const { bash: script, env = {}, condition } of steps) {
    if (script === undefined || (failed !== 0 && condition !== 'succeededOrFailed()')) continue;
    const filled = Object.entries(env).map(([name, from]) => [
      name,
      values.get(String(from).slice(2, -1)) ?? assert.fail(`what is ${from}?`),
    ]);
    const own = { AGENT_TEMPDIRECTORY: temp, BUILD_ARTIFACTSTAGINGDIRECTORY: reports };
    const { status, stdout, stderr } = bash(script, cwd, { ...Object.fromEntries(filled), ...own });
    output += stdout + stderr;
    failed ||= status ?? 1;
  }
  return { failed, output };
}

test('the Azure DevOps pipeline logs issues and writes the files that it publishes', () => {
  const place = repository('pipeline', { 'infra/open.json': open });
  const { failed, output } = pipeline(place);
  assert.equal(failed, 1, output);
  assert.match(output, /^##vso\[task\.logissue type=warning;sourcepath=infra\/open\.json;/m);
  assert.ok(output.includes(`##vso[task.uploadsummary]${join(place.reports, 'vaultmoat.md')}\n`), output);
  const { steps } = yaml('azure-pipelines.yml');
  const inputs = steps.flatMap((/** @type {any} */ { inputs = {} }) => [inputs.testResultsFiles, inputs.PathtoPublish]);
  const published = inputs.filter((/** @type {unknown} */ path) => path !== undefined);
  assert.equal(published.length, 2);
  for (const path of published) assert.ok(existsSync(path.replace('$(Build.ArtifactStagingDirectory)', place.reports)), path);
  assert.equal(pipeline(repository('clean-pipeline', { 'infra/clean.bicep': clean })).failed, 0);
});

test('the hook is the same in both files, checks the whole repository, and runs for supported files', () => {
  const [hook] = yaml('.pre-commit-hooks.yaml');
  const [{ hooks }] = yaml('.pre-commit-config.yaml').repos;
  assert.deepEqual(hooks, [hook]);
  assert.deepEqual(hook.additional_dependencies, [
    `vaultmoat@${JSON.parse(readFileSync(join(root, 'npm/package.json'), 'utf8')).version}`,
  ]);
  const { cwd } = repository('hook', { 'infra/open.json': open });
  const env = { PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}` };
  assert.equal(bash(hook.entry, cwd, env).status, 1);
  assert.equal(bash(hook.entry, repository('clean-hook', { 'a.bicep': clean }).cwd, env).status, 0);
  const matters = new RegExp(hook.files);
  for (const name of ['a/main.bicep', 'main.bicepparam', 'main.tf', 'main.tf.json', 'x.tfvars', 'main.json'])
    assert.match(name, matters);
  for (const name of ['README.md', 'main.bicep.bak', 'json']) assert.doesNotMatch(name, matters);
});
