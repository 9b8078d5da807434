// Links to the facts about Azure.

/** The files of the folder `facts`, by section. */
const FILES: Readonly<Record<string, string>> = {
  1: '1-vault',
  2: '2-ip-rules',
  3: '3-decision',
  4: '4-private-endpoints-and-dns',
  5: '5-callers',
  6: '6-roles-logs-policies',
  7: '7-terraform',
  12: '12-deployment',
};

/** The address of a fact, by its number. */
export function factUrl(number: string): string {
  const [section = ''] = number.slice(1).split('.');
  const file = FILES[section] ?? 'README';
  return `https://github.com/vaultmoat/vaultmoat/blob/main/facts/${file}.md#${number.toLowerCase().replace('.', '')}`;
}

/** Numbers of facts in Markdown, each with a link to its explanation. */
export function factLinks(numbers: readonly string[]): string {
  return numbers.map((number) => `[${number}](${factUrl(number)})`).join(' ');
}
