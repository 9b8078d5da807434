// Downloads of pictures and reports.

import type { GraphReport, Report } from 'vaultmoat';
import { toSarif } from 'vaultmoat/sarif';
import { draw } from './drawing.js';
import { h } from './dom.js';
import type { Session } from './session.js';

/** Downloads a file. */
export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function svgFile(svg: string): Blob {
  return new Blob([svg], { type: 'image/svg+xml' });
}

/** An SVG as a PNG with twice the resolution of the screen. */
export async function pngFile(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(svgFile(svg));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = h('canvas', { width: image.naturalWidth * 2, height: image.naturalHeight * 2 });
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (blob === null) throw new Error('the picture is too large for a PNG');
    return blob;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Findings for code scanning. */
export async function sarifFile(report: Report, { engine }: Session): Promise<Blob> {
  const log = await toSarif(report, { rules: await engine.rules(), version: engine.version });
  return new Blob([log], { type: 'application/sarif+json' });
}

/** Findings as a table, and the network as a Mermaid flowchart. */
export async function markdown({ summary, diagnostics, undecided }: Report, graph: GraphReport): Promise<string> {
  const rows = diagnostics.map(
    ({ severity, rule, message, file, range }) =>
      `| ${severity} | ${rule} | ${cell(`${file}:${range.start.line + 1}`)} | ${cell(message)} |`,
  );
  const open = undecided.map(
    ({ rule, reason, dependsOn }) => `- ${rule}: ${cell(reason)}${dependsOn.map((form) => `, ${cell(form)}`).join('')}`,
  );
  return [
    '# Network of the vaults',
    '',
    `${summary.vaults} vaults, ${summary.errors} errors, ${summary.warnings} warnings, ${summary.infos} notes, ${summary.undecided} undecided`,
    '',
    ...(rows.length === 0 ? [] : ['| severity | rule | place | finding |', '|---|---|---|---|', ...rows, '']),
    ...(open.length === 0 ? [] : ['## Undecided', '', ...open, '']),
    '```mermaid',
    (await draw(graph, 'mermaid')).trimEnd(),
    '```',
    '',
  ].join('\n');
}

/** Escapes a text for Markdown and HTML. */
function cell(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/[\\`*_[\]<>&|#~!$@]/g, (character) => `&#${character.codePointAt(0)};`);
}
