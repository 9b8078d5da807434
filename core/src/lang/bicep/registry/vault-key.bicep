// avm/res/key-vault/vault/key

param keyVaultName string
param name string
param roleAssignments array?

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: keyVaultName
}

resource key 'Microsoft.KeyVault/vaults/keys@2024-11-01' = {
  parent: vault
  name: name
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for assignment in (roleAssignments ?? []): {
    name: assignment.?name ?? guid(key.id, assignment.principalId, assignment.roleDefinitionIdOrName)
    scope: key
    properties: {
      principalId: assignment.principalId
      principalType: assignment.?principalType
      condition: assignment.?condition
      roleDefinitionId: role(assignment.roleDefinitionIdOrName)
    }
  }
]

output resourceId string = key.id
output name string = key.name
output resourceGroupName string = resourceGroup().name
