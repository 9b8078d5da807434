param location string = resourceGroup().location

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-shop-prod'
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny' }
  }
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-script'
  location: location
}

resource script 'Microsoft.Resources/deploymentScripts@2023-08-01' = {
  name: 'rotate'
  location: location
  kind: 'AzureCLI'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    azCliVersion: '2.63.0'
    retentionInterval: 'PT1H'
    environmentVariables: [{ name: 'VAULT_URI', value: vault.properties.vaultUri }]
    scriptContent: 'curl -sS "$VAULT_URI"secrets?api-version=7.4'
  }
}
