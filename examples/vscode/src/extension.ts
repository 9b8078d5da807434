// The part of the extension for every platform: starts the server, and shows its answers.

import type { AccessReport, Decision, ModelReport, Plan } from 'vaultmoat';
import type { Drawn } from 'vaultmoat/lsp';
import {
  commands,
  type Disposable,
  type ExtensionContext,
  languages,
  LanguageStatusSeverity,
  type QuickPickItem,
  type Uri,
  window,
} from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import { answerAboutFiles } from './files.js';
import { NetworkPanel } from './panel.js';
import { Answers } from './answers.js';

const LANGUAGES = [
  'bicep',
  'bicep-params',
  'terraform',
  'terraform-vars',
  'opentofu',
  'opentofu-vars',
  'arm-template',
  'json',
  'jsonc',
];
/** Languages that the server does not read: it says so where a file mentions a vault. */
const NOT_READ = ['azurecli', 'hcl', 'powershell', 'shellscript', 'terraform-deploy', 'terraform-stack', 'yaml'];
const SCHEMES = ['file', 'untitled', 'vscode-remote', 'vscode-vfs', 'vscode-test-web'];
const selectorOf = (names: readonly string[]) => SCHEMES.flatMap((scheme) => names.map((language) => ({ scheme, language })));
const SELECTOR = selectorOf(LANGUAGES);

/** The server's result of a command. */
interface Answer<Report> {
  readonly markdown?: string;
  readonly report: Report;
}

/** The argument of a command. */
interface Target {
  readonly uri: string;
  readonly vault?: string | undefined;
  readonly from?: string | undefined;
}

/** Starts the server and registers the commands. */
export async function start(
  context: ExtensionContext,
  connect: (options: LanguageClientOptions) => BaseLanguageClient,
): Promise<void> {
  const answers = new Answers();
  const client = connect({
    documentSelector: selectorOf([...LANGUAGES, ...NOT_READ]),
    initializationOptions: { showsAnswers: true },
    middleware: {
      // A code lens executes the server's command directly: show its result.
      executeCommand: async (command, words, next) => {
        const answer = (await next(command, words)) as Answer<unknown> | null | undefined;
        if (answer?.markdown !== undefined) await answers.show(TITLES[command] ?? 'vaultmoat', answer.markdown);
        return answer;
      },
    },
  });
  context.subscriptions.push(
    { dispose: () => void client.dispose() },
    answers,
    ...answerAboutFiles(client),
    ...register(client, answers),
    status(),
  );
  await client.start();
}

function register(client: BaseLanguageClient, answers: Answers): Disposable[] {
  const asked = <Report>(command: string, target: Target) =>
    client.sendRequest<Answer<Report> | null>('workspace/executeCommand', { command, arguments: [target] });
  const onDocument = (act: (uri: string) => Promise<void>) => async () => {
    const uri = window.activeTextEditor?.document.uri.toString();
    if (uri === undefined) return void window.showInformationMessage('vaultmoat: open a template first');
    try {
      await act(uri);
    } catch (error) {
      void window.showErrorMessage(`vaultmoat: ${(error as Error).message}`);
    }
  };
  const model = async (uri: string) => (await asked<ModelReport>('vaultmoat.model', { uri }))?.report;
  const network = new NetworkPanel(SELECTOR, async (uri) => {
    const [found, drawn] = await Promise.all([
      model(uri),
      client.sendRequest<Drawn | null>('workspace/executeCommand', { command: 'vaultmoat.graph', arguments: [{ uri }] }),
    ]);
    return found === undefined || drawn === null || found.vaults.length === 0 ? undefined : { model: found, ...drawn };
  });
  return [
    network,
    commands.registerCommand(
      'vaultmoat.explainAccess',
      onDocument(async (uri) => {
        const vault = await pickVault(await model(uri));
        if (vault === undefined) return;
        const answer = await asked<AccessReport>('vaultmoat.explain', { uri, vault });
        const from = await pickCaller(answer?.report.decisions ?? []);
        if (from === undefined) return;
        const decision = from === '' ? answer : await asked<Decision>('vaultmoat.explain', { uri, vault, from });
        await answers.show(TITLES['vaultmoat.explain'], decision?.markdown ?? '');
      }),
    ),
    commands.registerCommand(
      'vaultmoat.showNetwork',
      onDocument(async (uri) => {
        if (!(await network.show(uri))) void window.showInformationMessage(NO_VAULT);
      }),
    ),
    commands.registerCommand(
      'vaultmoat.planMigration',
      onDocument(async (uri) => {
        const vault = await pickVault(await model(uri));
        if (vault === undefined) return;
        const plan = await asked<Plan>('vaultmoat.plan', { uri, vault });
        await answers.show(TITLES['vaultmoat.plan'], plan?.markdown ?? '');
      }),
    ),
    commands.registerCommand('vaultmoat.restart', async () => {
      await client.stop();
      await client.start();
    }),
  ];
}

/** The titles of answers. */
const TITLES = { 'vaultmoat.explain': 'Who can reach the vault', 'vaultmoat.plan': 'Migration to private access' } as Record<
  string,
  string
>;

const NO_VAULT = 'vaultmoat: no vault is found in this file or what it uses';

/** The only vault, or the one that the user picks. */
async function pickVault(model: ModelReport | undefined): Promise<string | undefined> {
  const vaults = model?.vaults ?? [];
  if (vaults.length === 0) void window.showInformationMessage(NO_VAULT);
  if (vaults.length < 2) return vaults[0]?.address;
  const items = vaults.map(({ address, name }): QuickPickItem => ({
    label: address,
    description: typeof name === 'string' ? name : '',
  }));
  return (await window.showQuickPick(items, { placeHolder: 'Select a vault' }))?.label;
}

const ICONS: Record<Decision['outcome'], string> = { allowed: '$(pass)', denied: '$(circle-slash)', depends: '$(question)' };

/** The caller that the user picks; empty for all. */
async function pickCaller(decisions: readonly Decision[]): Promise<string | undefined> {
  const items = [
    { label: 'all callers', from: '' },
    ...decisions.map(({ caller, from, outcome, via }) => ({
      label: `${ICONS[outcome]} ${caller}`,
      description: outcome === 'allowed' ? `${outcome} (${via})` : outcome,
      from,
    })),
  ];
  return (await window.showQuickPick(items, { placeHolder: 'Select a caller', matchOnDescription: true }))?.from;
}

/** A status bar item with the number of findings in the active document. */
function status(): Disposable {
  const item = languages.createLanguageStatusItem('vaultmoat.status', SELECTOR);
  item.name = 'vaultmoat';
  item.command = { command: 'vaultmoat.showNetwork', title: 'network' };
  const update = (uri: Uri | undefined): void => {
    const found = uri === undefined ? [] : languages.getDiagnostics(uri).filter(({ source }) => source === 'vaultmoat');
    item.text = found.length === 0 ? 'vaultmoat: nothing found' : `vaultmoat: ${found.length} found`;
    item.severity = found.length === 0 ? LanguageStatusSeverity.Information : LanguageStatusSeverity.Warning;
  };
  const active = () => window.activeTextEditor?.document.uri;
  const listeners = [
    languages.onDidChangeDiagnostics(() => update(active())),
    window.onDidChangeActiveTextEditor(() => update(active())),
  ];
  update(active());
  return {
    dispose: () => {
      item.dispose();
      for (const listener of listeners) listener.dispose();
    },
  };
}
