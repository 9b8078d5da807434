// deployment-scripts/create-kv-certificate, whose scripts run in no network
//
// - The first versions took one `certificateName`.

param akvName string
param location string = resourceGroup().location
param certificateName string?
param certificateNames array = [certificateName]

resource script 'Microsoft.Resources/deploymentScripts@2020-10-01' = [for name in certificateNames: {
  name: 'AKV-Cert-${akvName}-${replace(replace(name, ':', ''), '/', '-')}'
  location: location
  kind: 'AzureCLI'
  properties: {
    environmentVariables: [{ name: 'akvName', value: akvName }]
    scriptContent: 'az keyvault certificate create --vault-name "$akvName"'
  }
}]

output certificateName string = script[0].properties.outputs.name
output certificateSecretId string = script[0].properties.outputs.certSecretId.versioned
output certificateNames array = [for (name, i) in certificateNames: [script[i].properties.outputs.name]]
output certificateSecretIds array = [for (name, i) in certificateNames: [script[i].properties.outputs.certSecretId.versioned]]
output certificateSecretIdUnversioneds array = [for (name, i) in certificateNames: [script[i].properties.outputs.certSecretId.unversioned]]
output certificateThumbpints array = [for (name, i) in certificateNames: [script[i].properties.outputs.thumbprint]]
output certificateThumbprintHexs array = [for (name, i) in certificateNames: [script[i].properties.outputs.thumbprintHex]]
