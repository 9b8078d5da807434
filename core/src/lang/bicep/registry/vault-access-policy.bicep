// avm/res/key-vault/vault/access-policy

param keyVaultName string
param accessPolicies array?

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: keyVaultName
}

resource policies 'Microsoft.KeyVault/vaults/accessPolicies@2024-11-01' = {
  parent: vault
  name: 'add'
  properties: { accessPolicies: accessPolicies ?? [] }
}

output resourceId string = policies.id
output name string = policies.name
output resourceGroupName string = resourceGroup().name
