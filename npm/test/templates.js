// Small files of each kind.

export const openVault = `{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-open",
      "location": "westeurope",
      "properties": {
        "tenantId": "[subscription().tenantId]",
        "sku": { "family": "A", "name": "standard" },
        "networkAcls": { "defaultAction": "Allow", "bypass": "None", "ipRules": [{ "value": "203.0.113.7" }] }
      }
    }
  ]
}
`;

export const openBicep = `resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-open'
  location: 'westeurope'
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    networkAcls: { defaultAction: 'Allow', bypass: 'None', ipRules: [{ value: '203.0.113.7' }] }
  }
}
`;

/** @param {string} relativePath */
export const linksTo = (relativePath) => `{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.Resources/deployments",
      "apiVersion": "2022-09-01",
      "name": "linked",
      "properties": { "mode": "Incremental", "templateLink": { "relativePath": "${relativePath}" } }
    }
  ]
}
`;

export const parameters = `{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {}
}
`;

/** A name that attacks terminals, logs of build agents, HTML, XML and Markdown. */
export const hostileName = [
  'kv\x1b[31m\x07\0\x7f',
  '\n::set-env name=A::b',
  '\r\n##vso[task.setvariable variable=A]b',
  '\n##[add-path]/tmp',
  '%0A::error::x%0D%AZP25;]',
  '\n| a | b |\n# title\n- [ ] @team #1 www.example.com https://example.com/',
  '[link](https://example.com/) ![image](https://example.com/a.png) <https://example.com/>',
  '`@team` ``` </details><script>alert(1)</script><!-- --> ]]> & " \' \\',
  '\u202e\u2028\u2029\u200b\ufeff\ufffe\uffff\u{e0041}end',
].join('');

/** @param {string} name */
export const hostileVault = (name) => openVault.replace('"kv-open"', JSON.stringify(name)).replace('203.0.113.7', '::1##vso[x]y');
