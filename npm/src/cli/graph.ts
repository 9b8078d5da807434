// `vaultmoat graph`.

import { toDot, toMermaid, toSvg } from '../graph/index.js';
import { createEngine } from '../node.js';
import type { GraphReport } from '../types.js';
import type { Drawing, Picture } from './arguments.js';
import { InputError } from '../files/error.js';
import { load } from './inputs.js';
import { counted, json, print } from './output.js';

const PICTURES: Record<Picture, (report: GraphReport) => string | Promise<string>> = {
  mermaid: toMermaid,
  dot: toDot,
  svg: toSvg,
  json,
};

async function drawn(report: GraphReport, format: Picture): Promise<string> {
  try {
    return await PICTURES[format](report);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError(`${error.message}: pass fewer files, or use --format dot`);
  }
}

export async function graph(options: Drawing): Promise<void> {
  const reading = { ...options, format: 'json' } as const;
  const { project } = await load(await createEngine(), reading);
  const report = project.graph();
  await print(await drawn(report, options.format), reading);
  const { nodes, nodesLeftOut, edgesLeftOut } = report;
  if (options.quiet) return;
  if (nodes.length === 0) process.stderr.write('no vaults and no private endpoints of vaults found\n');
  if (nodesLeftOut > 0 || edgesLeftOut > 0) {
    const rest = `${counted(nodesLeftOut, 'node')} and ${counted(edgesLeftOut, 'edge')}`;
    process.stderr.write(`too large for one picture: ${rest} are left out; pass fewer files\n`);
  }
}
