using 'main.bicep'

param officeRanges = [
  '20.50.1.0/24'
  // The private range of the office network.
  '192.168.10.0/24'
]
