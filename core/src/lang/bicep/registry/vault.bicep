// avm/res/key-vault/vault
//
// - The permission model is RBAC by default in all but the first versions; of those before 0.3 that is left open.
// - `privateDnsZoneGroup` of an endpoint followed `privateDnsZoneResourceIds`, and `resourceGroupResourceId` followed
//   `resourceGroupName`; no version takes both.
// - An empty `publicNetworkAccess` means what leaving it out means.

param name string
param location string = resourceGroup().location
param sku string = 'premium'
param createMode string = 'default'
param enableVaultForDeployment bool = true
param enableVaultForTemplateDeployment bool = true
param enableVaultForDiskEncryption bool = true
param enableSoftDelete bool = true
param softDeleteRetentionInDays int = 90
param enablePurgeProtection bool = true
param enableRbacAuthorization bool = minor < 3 ? deployment().permissionModel : true
param accessPolicies array?
param secrets (array | object)?
param keys array?
param networkAcls object?
param publicNetworkAccess string?
param privateEndpoints array?
param diagnosticSettings array?
param roleAssignments array?

// The secrets were in an object with one property first.
var secretList = secrets.?secureList ?? secrets ?? []

resource vault 'Microsoft.KeyVault/vaults@2022-07-01' = {
  name: name
  location: location
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: sku }
    createMode: createMode
    enabledForDeployment: enableVaultForDeployment
    enabledForTemplateDeployment: enableVaultForTemplateDeployment
    enabledForDiskEncryption: enableVaultForDiskEncryption
    enableSoftDelete: enableSoftDelete
    softDeleteRetentionInDays: softDeleteRetentionInDays
    enablePurgeProtection: enablePurgeProtection ? enablePurgeProtection : null
    enableRbacAuthorization: enableRbacAuthorization
    accessPolicies: accessPolicies ?? []
    networkAcls: empty(networkAcls) ? null : networkAcls
    publicNetworkAccess: empty(publicNetworkAccess)
      ? (!empty(privateEndpoints) && empty(networkAcls) ? 'Disabled' : null)
      : publicNetworkAccess
  }
}

resource log 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = [
  for setting in (diagnosticSettings ?? []): {
    name: setting.?name ?? '${name}-diagnosticSettings'
    scope: vault
    properties: {
      storageAccountId: setting.?storageAccountResourceId
      workspaceId: setting.?workspaceResourceId
      eventHubAuthorizationRuleId: setting.?eventHubAuthorizationRuleResourceId
      marketplacePartnerId: setting.?marketplacePartnerResourceId
      logs: map(setting.?logCategoriesAndGroups ?? [{ categoryGroup: 'allLogs' }], log => {
        category: log.?category
        categoryGroup: log.?categoryGroup
        enabled: log.?enabled ?? true
      })
    }
  }
]

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for assignment in (roleAssignments ?? []): {
    name: assignment.?name ?? guid(vault.id, assignment.principalId, assignment.roleDefinitionIdOrName)
    scope: vault
    properties: {
      principalId: assignment.principalId
      principalType: assignment.?principalType
      condition: assignment.?condition
      roleDefinitionId: role(assignment.roleDefinitionIdOrName)
    }
  }
]

// The module also adds its access policies to those of the vault, which has them already.

module secret 'br/public:avm/res/key-vault/vault/secret:0.1.0' = [
  for secret in secretList: {
    params: {
      keyVaultName: vault.name
      name: secret.name
      roleAssignments: secret.?roleAssignments
    }
  }
]

module key 'br/public:avm/res/key-vault/vault/key:0.1.0' = [
  for key in (keys ?? []): {
    params: {
      keyVaultName: vault.name
      name: key.name
      roleAssignments: key.?roleAssignments
    }
  }
]

module endpoint 'br/public:avm/res/network/private-endpoint:0.11.0' = [
  for (endpoint, at) in (privateEndpoints ?? []): {
    scope: endpoint.?resourceGroupResourceId != null
      ? resourceGroup(split(endpoint.resourceGroupResourceId, '/')[2], split(endpoint.resourceGroupResourceId, '/')[4])
      : (empty(endpoint.?resourceGroupName) ? resourceGroup() : resourceGroup(endpoint.resourceGroupName))
    params: {
      name: endpoint.?name ?? 'pep-${name}-${endpoint.?service ?? 'vault'}-${at}'
      location: endpoint.?location ?? reference(split(endpoint.subnetResourceId, '/subnets/')[0], '2020-06-01', 'Full').location
      subnetResourceId: endpoint.subnetResourceId
      privateLinkServiceConnections: endpoint.?isManualConnection == true ? null : [connection(endpoint, vault.id, name)]
      manualPrivateLinkServiceConnections: endpoint.?isManualConnection == true
        ? [connection(endpoint, vault.id, name)]
        : endpoint.?manualPrivateLinkServiceConnections
      ipConfigurations: endpoint.?ipConfigurations
      privateDnsZoneGroup: endpoint.?privateDnsZoneGroup
      privateDnsZoneGroupName: endpoint.?privateDnsZoneGroupName
      privateDnsZoneResourceIds: endpoint.?privateDnsZoneResourceIds
    }
  }
]

func connection(endpoint object, vault string, name string) object => {
  name: endpoint.?privateLinkServiceConnectionName ?? name
  properties: {
    privateLinkServiceId: vault
    groupIds: [endpoint.?service ?? 'vault']
    requestMessage: endpoint.?manualConnectionRequestMessage ?? 'Manual approval required.'
  }
}

output resourceId string = vault.id
output name string = vault.name
output uri string = vault.properties.vaultUri
output location string = vault.location
output resourceGroupName string = resourceGroup().name
