using 'main.bicep'

param officeRanges = [
  '20.50.1.0/24'
  // The office network as the office sees it.
  '192.168.10.0/24'
]
