// A static server for the output of `vite build`, and for the package under /vaultmoat/, which its tests load.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = {
  page: join(dirname(fileURLToPath(import.meta.url)), 'dist'),
  library: dirname(createRequire(import.meta.url).resolve('vaultmoat/package.json')),
};
const types = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.wasm', 'application/wasm'],
]);

/** @param {number} port 0 for any free port @param {{ page?: string, library?: string }} folders */
export function serve(port, { page = here.page, library = here.library } = {}) {
  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  const answer = async (request, response) => {
    try {
      const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
      const file = path.startsWith('/vaultmoat/') ? join(library, path.slice('/vaultmoat'.length)) : join(page, path);
      const body = await readFile(path.endsWith('/') ? join(file, 'index.html') : file);
      response.setHeader('Content-Type', types.get(extname(file) || '.html') ?? 'application/octet-stream');
      response.end(body);
    } catch {
      response.writeHead(404).end('not found');
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await serve(8080);
  console.log('http://127.0.0.1:8080/');
}
