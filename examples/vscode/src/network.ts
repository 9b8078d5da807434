// The network around vaults as a page without scripts.

import type { ElementModel, Known, ModelReport, VaultModel } from 'vaultmoat';

/** The page. What draws the network is `body`: whoever has a picture of it puts it there. */
export function page(model: ModelReport, nonce: string, body: (model: ModelReport) => string = tables): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
<title>Network of vaults</title>
<style nonce="${nonce}">
body { color: var(--vscode-foreground); font-family: var(--vscode-font-family); }
table { border-collapse: collapse; margin-bottom: 1.5em; }
th, td { border-bottom: 1px solid var(--vscode-widget-border, #8884); padding: 0.25em 0.75em; text-align: left; vertical-align: top; }
.default, .possible { opacity: 0.7; }
</style>
</head>
<body>
${body(model)}
</body>
</html>
`;
}

/** The network as tables: what there is, and who refers to whom. */
export function tables(model: ModelReport): string {
  const vaults = model.vaults.map((vault) => [vault.address, ...position(vault)]);
  const parts: [string, readonly ElementModel[]][] = [
    ['Private endpoints', model.privateEndpoints],
    ['Private DNS zones', model.dnsZones],
    ['Virtual networks', model.virtualNetworks],
    ['Subnets', model.subnets],
    ['Consumers', model.consumers],
  ];
  const links = model.links.map(({ from, to, kind, proof }) => [from, kind, to, proof]);
  return [
    table('Vaults', ['vault', 'public network access', 'default action', 'bypass', 'IP rules', 'virtual network rules'], vaults),
    ...parts.map(([title, found]) =>
      table(
        title,
        ['address', 'name', 'file'],
        found.map(({ address, name, file, range }) => [address, words(name), `${file}:${range.start.line + 1}`]),
      ),
    ),
    table('Links', ['from', '', 'to', ''], links),
    model.linksLeftOut ? '<p>More links are possible, and are left out.</p>' : '',
  ].join('');
}

function position({ publicNetworkAccess, networkAcls: acls }: VaultModel): string[] {
  return [publicNetworkAccess, acls.defaultAction, acls.bypass, acls.ipRules, acls.virtualNetworkRules].map(words);
}

function table(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const cells = (tag: string, texts: readonly string[]) => texts.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join('');
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('\n');
  return `<h2>${escaped(title)}</h2>\n<table>\n<tr>${cells('th', heads)}</tr>\n${body}\n</table>\n`;
}

function words(value: Known): string {
  if (value === null) return 'not set';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(words).join(', ');
  if ('unknown' in value) return `unknown: ${String(value.unknown)}`;
  if ('value' in value && value.default === true) return `${words(value.value)} (default)`;
  return JSON.stringify(value);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
