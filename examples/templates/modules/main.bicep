param location string = resourceGroup().location
param officeRanges string[] = []

module orders 'vault.bicep' = {
  params: {
    name: 'kv-orders'
    location: location
    officeRanges: officeRanges
  }
}

// The rules are passed, but have no effect where public access is off.
module payments 'vault.bicep' = {
  params: {
    name: 'kv-payments'
    location: location
    officeRanges: officeRanges
    isPublic: false
  }
}
