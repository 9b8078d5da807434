// Before packing: what a package has to bring stands at the root of the repository, once.

import { copyFileSync } from 'node:fs';

for (const name of ['README.md', 'LICENSE', 'LICENSE-APACHE', 'LICENSE-MIT']) {
  copyFileSync(new URL(`../../${name}`, import.meta.url), new URL(`../${name}`, import.meta.url));
}
