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
param networkAcls object?
param publicNetworkAccess string?
param privateEndpoints array?
param diagnosticSettings array?
param roleAssignments array?

var roles = {
  'Key Vault Administrator': '00482a5a-887f-4fb3-b363-3b7fe8e74483'
  'Key Vault Certificate User': 'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba'
  'Key Vault Certificates Officer': 'a4417e6f-fecd-4de8-b567-7b0420556985'
  'Key Vault Contributor': 'f25e0fa2-a7c8-4377-a976-54943a77a395'
  'Key Vault Crypto Officer': '14b46e9e-c2b7-41b4-b07b-48a6ebf60603'
  'Key Vault Crypto Service Encryption User': 'e147488a-f6f5-4113-8e2d-b22465e65bf6'
  'Key Vault Crypto User': '12338af0-0e69-4776-bea7-57ae8d297424'
  'Key Vault Reader': '21090545-7ca7-4776-b22c-e363652d74d2'
  'Key Vault Secrets Officer': 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6'
  Contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c'
  Owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
  Reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
}

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

resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for assignment in (roleAssignments ?? []): {
    name: assignment.?name ?? guid(vault.id, assignment.principalId, assignment.roleDefinitionIdOrName)
    scope: vault
    properties: {
      principalId: assignment.principalId
      principalType: assignment.?principalType
      condition: assignment.?condition
      // Of the names that are not above the ids are left open.
      roleDefinitionId: contains(assignment.roleDefinitionIdOrName, '/roleDefinitions/')
        ? assignment.roleDefinitionIdOrName
        : subscriptionResourceId(
            'Microsoft.Authorization/roleDefinitions',
            roles[?assignment.roleDefinitionIdOrName] ?? (length(assignment.roleDefinitionIdOrName) == 36
              ? assignment.roleDefinitionIdOrName
              : deployment().roles[assignment.roleDefinitionIdOrName])
          )
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
    requestMessage: endpoint.?manualConnectionRequestMessage
  }
}

output resourceId string = vault.id
output name string = vault.name
output uri string = vault.properties.vaultUri
output location string = vault.location
output resourceGroupName string = resourceGroup().name
