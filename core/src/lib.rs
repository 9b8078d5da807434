//! vaultmoat core
