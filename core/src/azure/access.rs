//! Roles that say what an identity may do with a vault.

/// A built-in role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    /// GUID of the role definition.
    pub id: &'static str,
    /// Display name.
    pub name: &'static str,
    /// Whether it acts on the data plane, where only vaults with RBAC honour it (F6.2).
    pub is_data_plane: bool,
    /// Whether it can read the value of a secret.
    pub reads_secrets: bool,
}

impl Role {
    /// Whether it changes what a vault holds, or who may.
    pub fn is_broad(&self) -> bool {
        self.name.ends_with("Officer") || self.name.ends_with("Administrator")
    }
}

const fn data(id: &'static str, name: &'static str, reads_secrets: bool) -> Role {
    Role { id, name, is_data_plane: true, reads_secrets }
}

const fn control(id: &'static str, name: &'static str) -> Role {
    Role { id, name, is_data_plane: false, reads_secrets: false }
}

/// The built-in roles of Key Vault (F6.1).
pub static ROLES: &[Role] = &[
    data("00482a5a-887f-4fb3-b363-3b7fe8e74483", "Key Vault Administrator", true),
    data("21090545-7ca7-4776-b22c-e363652d74d2", "Key Vault Reader", false),
    control("a68e7c17-0ab2-4c09-9a58-125dae29748c", "Key Vault Purge Operator"),
    data("a4417e6f-fecd-4de8-b567-7b0420556985", "Key Vault Certificates Officer", false),
    data("db79e9a7-68ee-4b58-9aeb-b90e7c24fcba", "Key Vault Certificate User", true),
    data("14b46e9e-c2b7-41b4-b07b-48a6ebf60603", "Key Vault Crypto Officer", false),
    data("e147488a-f6f5-4113-8e2d-b22465e65bf6", "Key Vault Crypto Service Encryption User", false),
    data("08bbd89e-9f13-488c-ac41-acfcb10c90ab", "Key Vault Crypto Service Release User", false),
    data("12338af0-0e69-4776-bea7-57ae8d297424", "Key Vault Crypto User", false),
    data("b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "Key Vault Secrets Officer", true),
    data("4633458b-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User", true),
    control("f25e0fa2-a7c8-4377-a976-54943a77a395", "Key Vault Contributor"),
    control("8b54135c-b56d-4d72-a534-26097cfdc8d8", "Key Vault Data Access Administrator"),
    control("18500a29-7fe2-46b2-a342-b16a415e101d", "Managed HSM contributor"),
];

/// The role of that GUID, or of the role definition id that ends in it.
pub fn role(id: &str) -> Option<&'static Role> {
    let guid = id.rsplit('/').next().unwrap_or(id);
    ROLES.iter().find(|role| role.id.eq_ignore_ascii_case(guid))
}

/// The role that a text is meant for and misses: its name instead of its GUID, or either with a fault.
pub fn nearest(id: &str) -> Option<&'static Role> {
    if role(id).is_some() {
        return None;
    }
    let is_meant = |role: &&Role| super::guid::misses(id, role.id) || is_misspelt(id, role.name);
    ROLES.iter().find(|role| role.name.eq_ignore_ascii_case(id)).or_else(|| ROLES.iter().find(is_meant))
}

/// Letters of a role's name that may be wrong, for the name to be meant.
const MAX_WRONG_LETTERS: usize = 2;

/// Whether a text is almost the name of a role, and names no other one.
fn is_misspelt(text: &str, name: &str) -> bool {
    let is_long = text.len().abs_diff(name.len()) <= MAX_WRONG_LETTERS && text.len() > name.len() / 2;
    is_long
        && strsim::damerau_levenshtein(&text.to_ascii_lowercase(), &name.to_ascii_lowercase())
            <= MAX_WRONG_LETTERS
}
