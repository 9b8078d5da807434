// The server on the desktop, in its own process.

import { lsp } from 'vaultmoat/lsp/node';

await lsp();
