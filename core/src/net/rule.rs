//! The text of one firewall rule: an IPv4 address or network, or the reason why it is neither.

use super::Ipv4Net;
use std::net::{Ipv4Addr, Ipv6Addr};

/// A rule that is an IPv4 address or net.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ipv4Rule {
    /// The network, with host bits cleared; a bare address is a /32.
    pub net: Ipv4Net,
    /// Whether the address has bits set behind the prefix, as in `203.0.113.7/24`.
    pub has_host_bits: bool,
    /// The text as written.
    pub original: String,
}

/// Why a text is not an IPv4 address or network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotIpv4 {
    /// The kind of the text.
    pub kind: NotIpv4Kind,
    /// A predicate for messages: "is a range; …".
    pub reason: String,
}

/// Kinds of texts that are not an IPv4 address or network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotIpv4Kind {
    /// Not four numbers from 0 to 255.
    Octet,
    /// The part after the slash is not a number from 0 to 32.
    Prefix,
    /// Several addresses: from–to, a wildcard or a list.
    Range,
    /// Empty or blank.
    Blank,
    /// Quotes inside the value.
    Quotes,
    /// The name of a service tag.
    ServiceTag,
    /// A host name or URL.
    DomainName,
    /// An IPv6 address or net.
    Ipv6,
    /// Blanks around or inside it.
    Whitespace,
    /// Something else.
    Other,
}

/// Parses a rule.
pub fn parse_rule(text: &str) -> Result<Ipv4Rule, NotIpv4> {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let parsed = address.parse::<Ipv4Addr>().ok().and_then(|address| match prefix {
        None => Some(Ipv4Net::from(address)),
        Some(prefix) if is_number(prefix) => Ipv4Net::new(address, prefix.parse().ok()?).ok(),
        Some(_) => None,
    });
    match parsed {
        Some(net) => {
            Ok(Ipv4Rule { net: net.trunc(), has_host_bits: net.trunc() != net, original: text.to_owned() })
        }
        None => Err(explain(text, address, prefix)),
    }
}

fn explain(text: &str, address: &str, prefix: Option<&str>) -> NotIpv4 {
    let not = |kind, reason: String| NotIpv4 { kind, reason };
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return not(NotIpv4Kind::Blank, "is blank".to_owned());
    }
    if text.contains(['\'', '"', '`', '‘', '’', '“', '”']) {
        return not(NotIpv4Kind::Quotes, "has quotes inside its value".to_owned());
    }
    if trimmed != text && parse_rule(trimmed).is_ok() {
        return not(NotIpv4Kind::Whitespace, "has blanks around it".to_owned());
    }
    if let Some(reason) = explain_several(trimmed) {
        return not(NotIpv4Kind::Range, reason);
    }
    if is_ipv6(trimmed) {
        return not(NotIpv4Kind::Ipv6, "is IPv6; only IPv4 is supported".to_owned());
    }
    if trimmed.contains(char::is_whitespace) {
        return not(NotIpv4Kind::Whitespace, "has blanks inside it".to_owned());
    }
    if trimmed.contains(|c: char| c.is_alphabetic()) {
        return explain_name(trimmed);
    }
    if let Some((host, port)) = trimmed.split_once(':')
        && host.parse::<Ipv4Addr>().is_ok()
        && is_number(port)
    {
        return not(NotIpv4Kind::Other, "has a port; a rule applies to all ports".to_owned());
    }
    if let Some(reason) = explain_octets(address) {
        return not(NotIpv4Kind::Octet, reason);
    }
    if let Some(prefix) = prefix {
        return not(NotIpv4Kind::Prefix, explain_prefix(prefix));
    }
    not(NotIpv4Kind::Other, "is not an IPv4 address".to_owned())
}

/// Several addresses in one text.
fn explain_several(text: &str) -> Option<String> {
    let starts_with_address = |part: &str| {
        let part = part.trim();
        part.starts_with(|c: char| c.is_ascii_digit()) && part.contains('.')
    };
    for separator in ["-", "–", "..", " to "] {
        if let Some((from, to)) = text.split_once(separator)
            && starts_with_address(from)
            && !from.ends_with('/')
            && to.trim().starts_with(|c: char| c.is_ascii_digit())
        {
            return Some("is a range; write it as one or more nets such as `203.0.113.0/24`".to_owned());
        }
    }
    if text.contains('*') {
        return Some("has a wildcard; write a net such as `203.0.113.0/24`".to_owned());
    }
    for separator in [',', ';', '|', ' '] {
        if let Some((first, second)) = text.split_once(separator)
            && starts_with_address(first)
            && starts_with_address(second)
        {
            return Some("holds several addresses; each needs a rule of its own".to_owned());
        }
    }
    None
}

fn is_ipv6(text: &str) -> bool {
    let address = text.split(['/', '%']).next().unwrap_or_default();
    let address = address.trim_start_matches('[').trim_end_matches(']');
    address.parse::<Ipv6Addr>().is_ok()
        || (address.matches(':').count() > 1
            && address.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '.')))
}

/// A text with letters.
fn explain_name(text: &str) -> NotIpv4 {
    let is_label =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let is_tag_part = |part: &str| is_label(part) && part.starts_with(|c: char| c.is_ascii_uppercase());
    let mut parts = text.split('.');
    let is_tag = parts.clone().count() <= 2 && parts.all(is_tag_part);
    if is_tag {
        return NotIpv4 {
            kind: NotIpv4Kind::ServiceTag,
            reason: "looks like a service tag; only addresses can be listed here".to_owned(),
        };
    }
    let host = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or_default().trim_end_matches('.');
    let last_label = host.rsplit('.').next().unwrap_or_default();
    let is_domain = host.split('.').all(is_label)
        && (host.contains('.') || host.eq_ignore_ascii_case("localhost"))
        && last_label.starts_with(|c: char| c.is_ascii_alphabetic());
    if is_domain {
        return NotIpv4 {
            kind: NotIpv4Kind::DomainName,
            reason: "is a host name; names are not resolved, only addresses count".to_owned(),
        };
    }
    NotIpv4 { kind: NotIpv4Kind::Other, reason: "is not an IPv4 address".to_owned() }
}

fn explain_octets(address: &str) -> Option<String> {
    let parts: Vec<&str> = address.split('.').collect();
    if parts.len() != 4 {
        return Some(format!("has {} instead of 4 numbers separated by dots", parts.len()));
    }
    let part = parts.into_iter().find(|part| part.parse::<u8>().is_err() || has_leading_zero(part))?;
    Some(if part.is_empty() {
        "lacks a number between two dots".to_owned()
    } else if !is_number(part) {
        format!("has `{part}` where a number belongs")
    } else if has_leading_zero(part) {
        format!("has a leading zero in `{part}`, which some readers take for octal")
    } else {
        format!("has `{part}`, which is more than 255")
    })
}

fn explain_prefix(prefix: &str) -> String {
    if let Ok(mask) = prefix.parse::<Ipv4Addr>() {
        return match ipnet::ipv4_mask_to_prefix(mask) {
            Ok(length) => format!("has a netmask; write its length: `/{length}`"),
            Err(_) => {
                format!("has `{prefix}` behind the slash, which is neither a netmask nor a prefix length")
            }
        };
    }
    if prefix.is_empty() {
        return "lacks the prefix length behind the slash".to_owned();
    }
    format!("has the prefix length `{prefix}`; it is a number from 0 to 32")
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn has_leading_zero(text: &str) -> bool {
    text.len() > 1 && text.starts_with('0')
}
