// avm/res/resources/deployment-script
//
// - The first versions took `environmentVariables` as an object with `secureList`.
// - `managedIdentities` followed `userAssignedIdentities`.

param name string
param location string = resourceGroup().location
param kind string = 'AzureCLI'
param arguments string?
param scriptContent string?
param primaryScriptUri string?
param environmentVariables array?
param subnetResourceIds array?
param managedIdentities object?
param userAssignedIdentities object?

resource script 'Microsoft.Resources/deploymentScripts@2023-08-01' = {
  name: name
  location: location
  kind: kind
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: userAssignedIdentities ?? toObject(managedIdentities.?userAssignedResourceIds ?? [], id => id, id => {})
  }
  properties: {
    arguments: arguments
    scriptContent: scriptContent
    primaryScriptUri: primaryScriptUri
    environmentVariables: environmentVariables
    containerSettings: { subnetIds: map(subnetResourceIds ?? [], id => { id: id }) }
  }
}

output resourceId string = script.id
output name string = script.name
output location string = script.location
output resourceGroupName string = resourceGroup().name
output outputs object = script.properties.outputs
output deploymentScriptLogs array = script.properties.outputs.logs
