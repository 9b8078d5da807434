param location string = resourceGroup().location

@description('Id of a subnet that is delegated to web apps')
param appSubnetId string

resource plan 'Microsoft.Web/serverfarms@2023-01-01' = {
  name: 'plan-orders'
  location: location
  kind: 'elastic'
  sku: { name: 'EP1', tier: 'ElasticPremium' }
  properties: {}
}

resource functionApp 'Microsoft.Web/sites@2023-01-01' = {
  name: 'func-orders'
  location: location
  kind: 'functionapp'
  identity: { type: 'SystemAssigned' }
  properties: {
    serverFarmId: plan.id
    virtualNetworkSubnetId: appSubnetId
    siteConfig: {
      vnetRouteAllEnabled: true
      appSettings: [
        { name: 'WEBSITE_DNS_SERVER', value: '168.63.129.16' }
        { name: 'WEBSITE_VNET_ROUTE_ALL', value: '1' }
        { name: 'KeyVaultUri', value: 'https://kv-orders.vault.azure.net' }
      ]
    }
  }
}
