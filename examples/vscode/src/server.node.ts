// The server of the desktop: a process of its own.

import { lsp } from 'vaultmoat/lsp/node';

await lsp();
