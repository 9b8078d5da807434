//! Resource ids as Azure prints them.

/// Whether this is the id of something in a subscription.
pub(super) fn is_below_subscription(id: &str) -> bool {
    id.get(..15).is_some_and(|head| head.eq_ignore_ascii_case("/subscriptions/"))
}

/// The ARM type of an id: `Microsoft.Network/virtualNetworks/subnets`.
pub(super) fn kind(id: &str) -> Option<String> {
    parts(id).map(|(kind, _)| kind)
}

/// The name of an id with its parents' names: `vnet/subnet`.
pub(super) fn name(id: &str) -> Option<String> {
    parts(id).map(|(_, name)| name)
}

/// The id of what a child resource belongs to; `None` for a type that is not a child.
pub(super) fn parent<'i>(id: &'i str, kind: &str) -> Option<&'i str> {
    let (type_at, _) = id.trim_end_matches('/').rmatch_indices('/').nth(1)?;
    if kind.matches('/').count() > 1 { id.get(..type_at) } else { None }
}

fn parts(id: &str) -> Option<(String, String)> {
    let segments: Vec<&str> = id.split('/').filter(|segment| !segment.is_empty()).collect();
    let provider = segments.iter().rposition(|segment| segment.eq_ignore_ascii_case("providers"))?;
    let (namespace, pairs) = segments.get(provider + 1..)?.split_first()?;
    let mut kind = (*namespace).to_owned();
    let mut name = String::new();
    for pair in pairs.chunks(2) {
        let [of, named] = pair else { return None };
        kind.push('/');
        kind.push_str(of);
        if !name.is_empty() {
            name.push('/');
        }
        name.push_str(named);
    }
    (!name.is_empty()).then_some((kind, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_its_type_and_its_name() {
        let id =
            "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/app";
        assert_eq!(kind(id).as_deref(), Some("Microsoft.Network/virtualNetworks/subnets"));
        assert_eq!(name(id).as_deref(), Some("v/app"));
        let parent = super::parent(id, "Microsoft.Network/virtualNetworks/subnets");
        assert!(parent.is_some_and(|id| id.ends_with("/virtualNetworks/v")));
        assert_eq!(super::parent(id, "Microsoft.Network/virtualNetworks"), None);
        let extension = format!("{id}/providers/Microsoft.Insights/diagnosticSettings/audit");
        assert_eq!(kind(&extension).as_deref(), Some("Microsoft.Insights/diagnosticSettings"));
        assert_eq!(kind("/subscriptions/s/resourceGroups/rg"), None);
        assert_eq!(kind("/subscriptions/s/providers/Microsoft.Network/virtualNetworks"), None);
    }
}
