// Loaded before the command: throws on any use of the network.

import { Socket } from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';

/** @param {string} what */
const refuse = (what) => () => {
  process.stderr.write(`GUARD: ${what}\n`);
  process.exit(99);
};
net.Socket.prototype.connect = /** @type {any} */ (refuse('connect'));
Socket.prototype.send = refuse('send');
dns.lookup = /** @type {any} */ (refuse('lookup'));
globalThis.fetch = /** @type {any} */ (refuse('fetch'));
