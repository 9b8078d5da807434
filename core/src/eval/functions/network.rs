//! Address ranges in CIDR notation.

use super::{Context, Function, Outcome, Unevaluated, int_arg, known, open, text_arg, wrong};
use crate::eval::value::Value;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub(super) const FUNCTIONS: &[Function] = &[
    known("cidrHost", (2, 2), cidr_host),
    known("cidrSubnet", (3, 3), cidr_subnet),
    known("parseCidr", (1, 1), parse_cidr),
];

fn network(args: &[Value]) -> Result<IpNet, Unevaluated> {
    let text = text_arg(args, 0)?;
    match text.parse::<IpNet>() {
        Ok(network) => Ok(network.trunc()),
        Err(_) => wrong(format!("takes an address range such as `10.0.0.0/24`, not `{text}`")),
    }
}

/// The address that many behind the first, as wide as that one.
fn offset(first: IpAddr, by: u128) -> Option<IpAddr> {
    match first {
        IpAddr::V4(first) => {
            let bits = u32::try_from(by).ok()?.checked_add(first.to_bits())?;
            Some(Ipv4Addr::from_bits(bits).into())
        }
        IpAddr::V6(first) => Some(Ipv6Addr::from_bits(first.to_bits().checked_add(by)?).into()),
    }
}

fn parse_cidr(args: &[Value], _: &Context) -> Outcome {
    let network = network(args)?;
    let text = |address: IpAddr| Value::text(address.to_string());
    let length = Value::int(i64::from(network.prefix_len()));
    Ok(match network {
        // In a /31 and a /32 every address is usable.
        IpNet::V4(range) => {
            let (first, last) = (range.network(), range.broadcast());
            let inner = |by: i64| if range.prefix_len() < 31 { by } else { 0 };
            let usable = |address: Ipv4Addr, by: i64| {
                let bits = i64::from(address.to_bits()) + inner(by);
                Value::text(Ipv4Addr::from_bits(u32::try_from(bits).unwrap_or_default()).to_string())
            };
            Value::record([
                ("network", text(first.into())),
                ("netmask", text(network.netmask())),
                ("broadcast", text(last.into())),
                ("firstUsable", usable(first, 1)),
                ("lastUsable", usable(last, -1)),
                ("cidr", length),
            ])
        }
        IpNet::V6(_) => Value::record([
            ("network", text(network.network())),
            ("netmask", text(network.netmask())),
            ("firstUsable", text(network.network())),
            ("lastUsable", text(network.broadcast())),
            ("cidr", length),
        ]),
    })
}

fn cidr_subnet(args: &[Value], _: &Context) -> Outcome {
    let network = network(args)?;
    let (prefix, index) = (int_arg(args, 1)?, int_arg(args, 2)?);
    let prefix = match u8::try_from(prefix) {
        Ok(prefix) if (network.prefix_len()..=network.max_prefix_len()).contains(&prefix) => prefix,
        _ => return wrong(format!("cannot cut /{prefix} ranges out of `{network}`")),
    };
    let bits = u32::from(prefix - network.prefix_len());
    let Some(index) = u128::try_from(index).ok().filter(|index| bits >= 128 || index >> bits == 0) else {
        return wrong(format!("has no range {index} of /{prefix} in `{network}`"));
    };
    let width = u32::from(network.max_prefix_len() - prefix);
    let first = index.checked_shl(width).and_then(|by| offset(network.network(), by));
    match first.and_then(|first| IpNet::new(first, prefix).ok()) {
        Some(subnet) => Ok(Value::text(subnet.to_string())),
        None => open(),
    }
}

fn cidr_host(args: &[Value], _: &Context) -> Outcome {
    let network = network(args)?;
    let index = int_arg(args, 1)?;
    let by = u128::try_from(index).ok().and_then(|index| index.checked_add(1));
    match by.and_then(|by| offset(network.network(), by)) {
        // The last address of an IPv4 range is its broadcast address.
        Some(host) if network.contains(&host) && (host.is_ipv6() || host != network.broadcast()) => {
            Ok(Value::text(host.to_string()))
        }
        _ if network.prefix_len() + 1 >= network.max_prefix_len() => open(),
        _ => wrong(format!("has no host {index} in `{network}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn ranges_are_described() {
        check(&[
            (
                "parseCidr('10.144.0.0/20')",
                "{network: '10.144.0.0', netmask: '255.255.240.0', broadcast: '10.144.15.255', \
                 firstUsable: '10.144.0.1', lastUsable: '10.144.15.254', cidr: 20}",
            ),
            (
                "parseCidr('fdad:3236:5555::/48')",
                "{network: 'fdad:3236:5555::', netmask: 'ffff:ffff:ffff::', firstUsable: 'fdad:3236:5555::', \
                 lastUsable: 'fdad:3236:5555:ffff:ffff:ffff:ffff:ffff', cidr: 48}",
            ),
            ("parseCidr('10.0.0.0')", "!such as `10.0.0.0/24`"),
            ("parseCidr(x)", "parseCidr(parameters('x'))"),
        ]);
    }

    #[test]
    fn ranges_are_cut() {
        check(&[
            ("cidrSubnet('10.144.0.0/20', 24, 4)", "'10.144.4.0/24'"),
            ("cidrSubnet('10.144.0.0/20', 24, 15)", "'10.144.15.0/24'"),
            ("cidrSubnet('10.144.0.0/20', 24, 16)", "!has no range 16"),
            ("cidrSubnet('10.144.0.0/20', 19, 0)", "!cannot cut /19"),
            ("cidrSubnet('10.144.0.0/20', 33, 0)", "!cannot cut /33"),
            ("cidrSubnet('10.144.0.0/20', 24, -1)", "!has no range -1"),
            ("cidrSubnet('0.0.0.0/0', 32, 4294967295)", "'255.255.255.255/32'"),
            ("cidrSubnet('fdad:3236:5555::/48', 52, 1)", "'fdad:3236:5555:1000::/52'"),
            ("cidrSubnet('::/0', 128, 5)", "'::5/128'"),
        ]);
    }

    #[test]
    fn hosts_are_counted_behind_the_network_address() {
        check(&[
            ("cidrHost('10.144.3.0/24', 0)", "'10.144.3.1'"),
            ("cidrHost('10.144.3.0/24', 253)", "'10.144.3.254'"),
            ("cidrHost('10.144.3.0/24', 254)", "!has no host 254"),
            ("cidrHost('fdad:3236:5555:3000::/52', 1)", "'fdad:3236:5555:3000::2'"),
            ("cidrHost('255.255.255.255/32', 0)", "cidrHost('255.255.255.255/32', 0)"),
        ]);
    }
}
