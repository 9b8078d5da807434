// Code lenses and inlay hints of vaults: who can reach them, and the defaults that are in effect.

import { type CodeLens, type InlayHint, InlayHintKind, type Range } from 'vscode-languageserver';
import type { Known } from '../types.js';
import { vaultsOf } from './elements.js';
import { lineOf } from './hover.js';
import { contains, plain } from './ranges.js';
import { isDefault, isText } from './values.js';
import type { View } from './workspace.js';

/** The command of a lens. */
export const EXPLAIN = 'vaultmoat.explain';

/** One lens above each vault. */
export function lenses(view: View): CodeLens[] {
  return vaultsOf(view).map(({ address, range }) => ({
    range: plain({ start: range.start, end: range.start }),
    command: { title: 'who can reach this vault', command: EXPLAIN, arguments: [{ uri: view.document.uri, vault: address }] },
  }));
}

/** The defaults that are in effect, at the end of the first line of each vault. */
export function hints(view: View, range: Range): InlayHint[] {
  return vaultsOf(view).flatMap((vault) => {
    const { line } = vault.range.start;
    const position = { line, character: lineOf(view, { line, character: 0 }).length };
    const { networkAcls: acls, publicNetworkAccess } = vault;
    const values: [string, Known][] = [
      ['publicNetworkAccess', publicNetworkAccess],
      ['defaultAction', acls.defaultAction],
      ['bypass', acls.bypass],
    ];
    const defaults = values.flatMap(([name, value]) =>
      isDefault(value) && isText(value.value) ? [`${name}: ${value.value}`] : [],
    );
    if (defaults.length === 0 || !contains(range, position)) return [];
    const label = defaults.join(', ');
    return [
      {
        position,
        label,
        kind: InlayHintKind.Parameter,
        paddingLeft: true,
        tooltip: 'Azure’s defaults for properties that are not set',
      },
    ];
  });
}
