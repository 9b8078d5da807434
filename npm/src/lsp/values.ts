// Values of the model as text.

import type { Known } from '../types.js';

export function words(value: Known): string {
  if (value === null) return 'not set';
  if (typeof value !== 'object') return `\`${value}\``;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(words).join(', ');
  if ('unknown' in value && isText(value.unknown)) return `unknown: \`${value.unknown}\``;
  if (isDefault(value)) return `${words(value.value)} (default)`;
  return `\`${JSON.stringify(value)}\``;
}

/** Whether a value is Azure's default. */
export function isDefault(value: Known): value is { value: Known; default: boolean } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && 'value' in value && value.default === true;
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}
