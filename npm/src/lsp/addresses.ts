// Explains IP addresses and ranges in texts.

import ipaddr from 'ipaddr.js';
import type { Known, ModelReport } from '../types.js';
import { isText } from './values.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** An address or a range in a line. */
export interface Literal {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const SHAPE =
  /(?<![\w.:-])(?:\d{1,3}(?:\.\d{1,3}){3}|(?=[\da-f]*:[\da-f]*:)[\da-f:]+(?:\.\d{1,3}){0,3})(?:\/\d{1,3})?(?![\w.:-])/gi;
/** Version numbers look like addresses. */
const VERSION = /version/i;

/** The address or range at a character of a line. */
export function literalAt(line: string, character: number): Literal | undefined {
  if (VERSION.test(line)) return undefined;
  for (const { 0: text, index } of line.matchAll(SHAPE)) {
    const literal = { text, start: index, end: index + text.length };
    if (literal.start <= character && character <= literal.end && range(text) !== undefined) return literal;
  }
  return undefined;
}

/** Facts about an address or range, and the parts of the network that contain it. */
export function describe(text: string, model: ModelReport): string[] {
  const found = range(text);
  if (found === undefined) return [];
  const [address, bits] = found;
  const family = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  const whole = family.parse(address.toString());
  const cidr = `${whole.toString()}/${bits}`;
  const first = family.networkAddressFromCIDR(cidr);
  const width = address.kind() === 'ipv4' ? 32 : 128;
  const last = lastOf(first, bits);
  const count = 2n ** BigInt(width - bits);
  const lines = [
    `**\`${text}\`**: ${count === 1n ? 'one address' : `${count.toLocaleString('en')} addresses`}, ${kindOf(first, last)}`,
  ];
  if (bits < width) lines.push(`\`${first.toString()}\` to \`${last.toString()}\``);
  if (first.toString() !== whole.toString())
    lines.push(`the range starts at \`${first.toString()}\`: this address is inside of it`);
  if (width === 128) lines.push('the firewall of a vault supports IPv4 only');
  const around = containing(found, model);
  if (around.length > 0) lines.push(`in ${around.join(', ')}`);
  return lines;
}

function range(text: string): [Address, number] | undefined {
  try {
    if (text.includes('/')) return ipaddr.parseCIDR(text);
    if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return undefined;
    const address = ipaddr.parse(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch {
    return undefined;
  }
}

function lastOf(first: Address, bits: number): Address {
  const bytes = first.toByteArray().map((byte, at) => byte | (0xff >> Math.min(8, Math.max(0, bits - at * 8))));
  return ipaddr.fromByteArray(bytes);
}

const KINDS: Readonly<Record<string, string>> = {
  private: 'private (RFC 1918): never the source of a request on the internet',
  uniqueLocal: 'private (RFC 4193): never the source of a request on the internet',
  carrierGradeNat: 'carrier-grade NAT: never the source of a request on the internet',
  loopback: 'loopback',
  linkLocal: 'link-local',
  multicast: 'multicast',
  unspecified: '"this network"',
  broadcast: 'broadcast',
  reserved: 'reserved, such as for documentation',
};

function kindOf(first: Address, last: Address): string {
  const [from, to] = [first.range(), last.range()];
  if (first.kind() === 'ipv4' && first.toString() === '0.0.0.0' && last.toString() === '255.255.255.255') return 'all of IPv4';
  if (from === to) return KINDS[from] ?? 'public';
  return 'partly public';
}

/** The rules and address prefixes of the network that contain the whole range. */
function containing([address, bits]: [Address, number], model: ModelReport): string[] {
  const holders: [string, Known][] = [
    ...model.vaults.map((vault): [string, Known] => [`the IP rules of \`${vault.address}\``, vault.networkAcls.ipRules]),
    ...model.subnets.map((subnet): [string, Known] => [`subnet \`${subnet.address}\``, prefixes(subnet)]),
    ...model.virtualNetworks.map((network): [string, Known] => [`network \`${network.address}\``, prefixes(network)]),
  ];
  return holders.flatMap(([name, value]) => {
    const around = texts(value).find((text) => {
      const other = range(text);
      return other !== undefined && other[0].kind() === address.kind() && other[1] <= bits && address.match(other);
    });
    return around === undefined ? [] : [`${name} (\`${around}\`)`];
  });
}

function prefixes(element: object): Known {
  return (element as { addressPrefixes?: Known }).addressPrefixes ?? null;
}

function texts(value: Known): string[] {
  return Array.isArray(value) ? value.flatMap(texts) : isText(value) ? [value] : [];
}
