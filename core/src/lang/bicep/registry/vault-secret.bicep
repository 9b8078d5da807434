// avm/res/key-vault/vault/secret

param keyVaultName string
param name string
param roleAssignments array?

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: keyVaultName
}

resource secret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: name
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for assignment in (roleAssignments ?? []): {
    name: assignment.?name ?? guid(secret.id, assignment.principalId, assignment.roleDefinitionIdOrName)
    scope: secret
    properties: {
      principalId: assignment.principalId
      principalType: assignment.?principalType
      condition: assignment.?condition
      roleDefinitionId: role(assignment.roleDefinitionIdOrName)
    }
  }
]

output resourceId string = secret.id
output name string = secret.name
output resourceGroupName string = resourceGroup().name
