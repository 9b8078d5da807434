// The network around vaults as a web page: a picture with links to the text, and tables.

import type { ElementModel, GraphReport, Known, ModelReport, VaultModel } from 'vaultmoat';
import type { Drawn } from 'vaultmoat/lsp';

export interface Network extends Pick<Drawn, 'report' | 'picture'> {
  readonly model: ModelReport;
}

const STYLE = `
body { color: var(--vscode-foreground); font-family: var(--vscode-font-family); }
table { border-collapse: collapse; margin-bottom: 1.5em; }
th, td { border-bottom: 1px solid var(--vscode-widget-border, #8884); padding: 0.25em 0.75em; text-align: left; vertical-align: top; }
.picture { overflow-x: auto; }
svg { font: 12px var(--vscode-font-family); max-width: 100%; height: auto; }
#fit:checked ~ .picture svg { min-width: 0; }
text { fill: var(--vscode-foreground); }
.small { font-size: 11px; paint-order: stroke; stroke: var(--vscode-editor-background); stroke-width: 4px; }
.box { fill: var(--vscode-editorWidget-background); stroke: var(--vscode-descriptionForeground); }
.vault .box, .hsm .box { fill: color-mix(in srgb, var(--vscode-charts-blue) 20%, var(--vscode-editor-background)); }
.outer { fill: none; stroke: var(--vscode-descriptionForeground); stroke-dasharray: 2 3; }
.line, .cross { fill: none; stroke: var(--vscode-descriptionForeground); }
.cross { stroke-width: 2px; }
.head { fill: var(--vscode-descriptionForeground); }
.blocked .line { stroke-dasharray: 6 4; }
.possible .line { stroke-dasharray: 2 3; }
.error > :is(.box, .outer, .line) { stroke: var(--vscode-editorError-foreground); stroke-width: 2px; }
.warning > :is(.box, .outer, .line) { stroke: var(--vscode-editorWarning-foreground); stroke-width: 2px; }
.info > :is(.box, .outer, .line) { stroke: var(--vscode-editorInfo-foreground); stroke-width: 2px; }
[role='button'] { cursor: pointer; outline: none; }
[role='button']:is(:hover, :focus-visible) > rect { stroke: var(--vscode-focusBorder); stroke-width: 3px; stroke-dasharray: none; }
`;

/** The script of the page: posts the id of a clicked element that has a declaration. In a block, since pages have globals such as `top`. */
const SCRIPT = `
{
  const host = acquireVsCodeApi();
  // Keeps the scroll position when the page is replaced.
  const fit = document.getElementById('fit');
  const picture = document.querySelector('.picture');
  const { whole = false, left = 0, top = 0 } = host.getState() ?? {};
  if (fit !== null && picture !== null) {
    fit.checked = whole;
    picture.scrollLeft = left;
    window.scrollTo(0, top);
    const keep = () => host.setState({ whole: fit.checked, left: picture.scrollLeft, top: window.scrollY });
    fit.addEventListener('change', keep);
    picture.addEventListener('scroll', keep);
    window.addEventListener('scroll', keep);
  }
  // With the role of an image its elements could not be focused.
  document.querySelector('svg')?.removeAttribute('role');
  for (const element of document.querySelectorAll('[data-node]')) {
    if (!written.includes(element.getAttribute('data-node'))) continue;
    const choose = () => host.postMessage({ chosen: element.getAttribute('data-node') });
    element.setAttribute('role', 'button');
    element.setAttribute('tabindex', '0');
    element.addEventListener('click', choose);
    element.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      choose();
    });
  }
}
`;

/** The page. Its policy allows only styles and scripts with the nonce, and no other resources. */
export function page(network: Network, nonce: string, body: (network: Network) => string = pictureAndTables): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<title>Network of vaults</title>
<style nonce="${nonce}">${STYLE}${readable(network)}</style>
</head>
<body>
${body(network)}
<script nonce="${nonce}">
const written = ${inScript(writtenIn(network.report))};
${SCRIPT}</script>
</body>
</html>
`;
}

/** The declaration of the element in a message from the page; undefined for other messages. */
export function chosen<Place>(message: unknown, places: Readonly<Record<string, Place>>): Place | undefined {
  const id = typeof message === 'object' && message !== null && 'chosen' in message ? message.chosen : undefined;
  return typeof id === 'string' && Object.hasOwn(places, id) ? places[id] : undefined;
}

/** Scales the picture to the width of the panel, but not below a readable size. */
function readable({ picture }: Network): string {
  const [, width] = /^<svg[^>]* width="(\d+)"/.exec(picture ?? '') ?? [];
  return width === undefined ? '' : `svg { min-width: ${Math.round(0.75 * Number(width))}px; }\n`;
}

const FIT = '<input type="checkbox" id="fit"> <label for="fit">fit into the window</label>';

function pictureAndTables({ model, picture }: Network): string {
  const drawn =
    picture === null ? '<p>The network is too large for a picture.</p>' : `${FIT}\n<div class="picture">\n${picture}</div>`;
  return `${drawn}\n${tables(model)}`;
}

function writtenIn({ nodes }: GraphReport): string[] {
  return nodes.flatMap(({ id, range }) => (range === null ? [] : [id]));
}

/** A value as JSON in a script, which names in it cannot end. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Tables of the resources and their links. */
function tables(model: ModelReport): string {
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
  if ('unknown' in value && typeof value.unknown === 'string') return `unknown: ${value.unknown}`;
  if ('value' in value && value.default === true) return `${words(value.value)} (default)`;
  return JSON.stringify(value);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
