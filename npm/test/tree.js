// A large tree of templates in all languages, with all kinds of references between them.

import { linksTo, openBicep, openVault, parameters } from './templates.js';

const terraform = (/** @type {string} */ name) => `resource "azurerm_key_vault" "main" {
  name                = "${name}"
  location            = "westeurope"
  resource_group_name = "rg"
  tenant_id           = "00000000-0000-0000-0000-000000000000"
  sku_name            = "standard"
  network_acls {
    default_action = "Allow"
    bypass         = "None"
    ip_rules       = ["203.0.113.7"]
  }
}
`;

// Some of its users need its suppression.
const module = `param name string
param isOpen bool
${openBicep.replace("'kv-open'", 'name').replace("'Allow'", "isOpen ? 'Allow' : 'Deny'").replace('    networkAcls', '    // vaultmoat-ignore public-vault: a demo\n    networkAcls')}`;

const kinds = /** @type {((at: number, name: string) => Record<string, string>)[]} */ ([
  (_, name) => ({ 'main.json': openVault.replace('kv-open', name) }),
  (_, name) => ({ 'main.bicep': openBicep.replace('kv-open', name) }),
  (_, name) => ({ 'main.tf': terraform(name) }),
  // A module of this unit, one that all share, and files that are only read.
  (at, name) => ({
    'main.bicep': `import { prefix } from '../../shared/types.bicep'
module own 'own.bicep' = { name: 'own' }
module shared '../../shared/vault.bicep' = { name: 'shared', params: { name: '${name}-\${prefix}', isOpen: ${at % 16 === 3} } }
var rules = loadJsonContent('rules.json')
`,
    'own.bicep': openBicep.replace('kv-open', `${name}-own`),
    'rules.json': '[]',
    'main.bicepparam': "using 'main.bicep'\n",
  }),
  (_, name) => ({
    'main.json': linksTo('nested/vault.json'),
    'nested/vault.json': openVault.replace('kv-open', name),
    'nested/vault.parameters.json': parameters,
  }),
  // A link that regular expressions cannot find.
  (_, name) => ({
    'main.json': linksTo("[concat('nested/', 'vault', '.json')]"),
    'nested/vault.json': openVault.replace('kv-open', name),
  }),
  (at) => ({
    'main.tf': `module "shared" {\n  source = "../../shared/terraform"\n  name   = "kv-${at}"\n}\n`,
    'terraform.tfvars': 'unused = 1\n',
  }),
  (_, name) => ({
    'kv.json': JSON.stringify({
      id: `/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/${name}`,
      name,
      type: 'Microsoft.KeyVault/vaults',
      location: 'westeurope',
      properties: { networkAcls: { defaultAction: 'Allow', bypass: 'None', ipRules: [{ value: '203.0.113.7' }] } },
    }),
  }),
]);

/** Files of a number of units. @param {number} units */
export function tree(units) {
  const files = /** @type {Record<string, string>} */ ({
    'shared/vault.bicep': module,
    'shared/types.bicep': "@export()\nvar prefix = 'kv'\n",
    'shared/terraform/main.tf': `variable "name" {}\n${terraform('${var.name}')}`,
    'shared/terraform/terraform.tfvars': 'name = "kv-of-its-own"\n',
    'circle/a.bicep': "module b 'b.bicep' = { name: 'b' }\n",
    'circle/b.bicep': `module a 'a.bicep' = { name: 'a' }\n${openBicep}`,
    'comment/a.bicep': "// module b 'b.bicep' = { name: 'b' }\n",
    'comment/b.bicep': openBicep,
  });
  for (let at = 0; at < units; at++) {
    const kind = kinds[at % kinds.length];
    const folder = `apps/${String(at).padStart(4, '0')}`;
    for (const [name, text] of Object.entries(kind?.(at, `kv-${at}`) ?? {})) files[`${folder}/${name}`] = text;
  }
  return files;
}
