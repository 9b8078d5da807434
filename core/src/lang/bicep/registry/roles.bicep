// What every summary may use.

// The id of a role that is given by name, by GUID or by id. Which names of built-in roles a module knows differs by version:
// those that are not in this list are left open. What is not a role at all is passed on.
func role(given string) string => contains(given, '/roleDefinitions/')
  ? given
  : subscriptionResourceId('Microsoft.Authorization/roleDefinitions', {
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
      'Key Vault Crypto Service Release User': deployment().roles
      'Key Vault Data Access Administrator': deployment().roles
      'Key Vault Purge Operator': deployment().roles
    }[?given] ?? given)
