use super::*;
use proptest::prelude::*;
use std::net::Ipv4Addr;

fn net(text: &str) -> Ipv4Net {
    text.parse().expect(text)
}

fn set(nets: &[&str]) -> Ipv4Set {
    nets.iter().map(|text| net(text)).collect()
}

#[test]
fn addresses_and_nets_are_read() {
    let rule = parse_rule("203.0.113.7").expect("an address");
    assert_eq!((rule.net, rule.has_host_bits), (net("203.0.113.7/32"), false));
    let rule = parse_rule("203.0.113.7/24").expect("a net");
    assert_eq!((rule.net, rule.has_host_bits), (net("203.0.113.0/24"), true));
    assert_eq!(rule.original, "203.0.113.7/24");
    assert_eq!(parse_rule("0.0.0.0/0").expect("all").net, net("0.0.0.0/0"));
}

#[test]
fn a_text_that_is_not_ipv4_has_a_reason() {
    use NotIpv4Kind::*;
    for (text, kind, words) in [
        ("999.1.1.1", Octet, "`999`"),
        ("1.2.3", Octet, "3 instead of 4"),
        ("1.2.3.4.5/24", Octet, "5 instead of 4"),
        ("1..2.3", Octet, "lacks a number"),
        ("010.1.1.1", Octet, "leading zero"),
        ("12345", Octet, "1 instead of 4"),
        ("1.2.3.4/33", Prefix, "`33`"),
        ("1.2.3.4/", Prefix, "lacks"),
        ("1.2.3.4/-1", Prefix, "`-1`"),
        ("1.2.3.4/+8", Prefix, "`+8`"),
        ("1.2.3.0/255.255.255.0", Prefix, "`/24`"),
        ("1.2.3.0/255.0.255.0", Prefix, "neither a netmask"),
        ("1.2.3.4-1.2.3.9", Range, "range"),
        ("1.2.3.4 - 9", Range, "range"),
        ("1.2.3.*", Range, "wildcard"),
        ("1.2.3.4, 5.6.7.8", Range, "several"),
        ("1.2.3.4 5.6.7.8", Range, "several"),
        ("", Blank, "blank"),
        ("  ", Blank, "blank"),
        ("'10.91.4.0/24'", Quotes, "quotes"),
        ("\"1.2.3.4\"", Quotes, "quotes"),
        ("AzureCloud", ServiceTag, "service tag"),
        ("Storage.WestEurope", ServiceTag, "service tag"),
        ("vpn.contoso.com", DomainName, "host name"),
        ("https://contoso.com/x", DomainName, "host name"),
        ("localhost", DomainName, "host name"),
        ("2001:db8::1", Ipv6, "IPv6"),
        ("2001:db8::/32", Ipv6, "IPv6"),
        ("::ffff:1.2.3.4", Ipv6, "IPv6"),
        ("fe80::1%eth0", Ipv6, "IPv6"),
        (" 1.2.3.4", Whitespace, "around"),
        ("1.2.3.4 /24", Whitespace, "inside"),
        ("1.2.3.4:443", Other, "port"),
        ("office", Other, "not an IPv4"),
        ("-", Octet, "instead of 4"),
        ("é", Other, "not an IPv4"),
    ] {
        let not = parse_rule(text).expect_err(text);
        assert_eq!(not.kind, kind, "{text}: {}", not.reason);
        assert!(not.reason.contains(words), "{text}: {}", not.reason);
    }
}

#[test]
fn sets_join_what_touches() {
    assert_eq!(set(&["0.0.0.0/1", "128.0.0.0/1"]), Ipv4Set::everything());
    assert_eq!(set(&["10.0.0.0/25", "10.0.0.128/25"]).nets(), [net("10.0.0.0/24")]);
    assert_eq!(Ipv4Set::everything().nets(), [net("0.0.0.0/0")]);
    assert_eq!(Ipv4Set::everything().size(), 1 << 32);
    assert!(Ipv4Set::default().is_empty());
    let hole = Ipv4Set::everything().difference(&set(&["255.255.255.255/32", "0.0.0.0/32"]));
    assert_eq!(hole.size(), (1 << 32) - 2);
    assert_eq!(hole.nets().into_iter().collect::<Ipv4Set>(), hole);
}

#[test]
fn the_internet_is_covered_by_any_tiling_of_it() {
    assert_eq!(public_internet().size(), 3_702_258_944);
    assert!(covers_internet(&Ipv4Set::everything()));
    assert!(covers_internet(&set(&["0.0.0.0/1", "128.0.0.0/1"])));
    assert!(covers_internet(&public_internet()));
    let tiles: Ipv4Set = (1..=255).map(|a| net(&format!("{a}.0.0.0/8"))).collect();
    assert!(covers_internet(&tiles));
    // One /8 is 0.45 %, three are more than 1 %.
    assert!(covers_internet(&tiles.difference(&set(&["8.0.0.0/8"]))));
    assert!(!covers_internet(&tiles.difference(&set(&["8.0.0.0/8", "20.0.0.0/8", "50.0.0.0/8"]))));
    assert!(!covers_internet(&set(&["0.0.0.0/1"])));
    assert!(!covers_internet(&Ipv4Set::default()));
}

#[test]
fn reserved_ranges_have_no_host_bits_and_do_not_overlap() {
    let all: Vec<Ipv4Net> = PRIVATE.iter().chain(UNROUTABLE).map(|range| range.net).collect();
    assert!(all.iter().all(|net| net.trunc() == *net));
    assert!(covering(&all).iter().all(Option::is_none));
}

#[test]
fn redundant_nets_name_what_covers_them() {
    let nets = [net("1.2.3.4/32"), net("1.2.3.0/24"), net("1.2.3.4/32"), net("5.0.0.0/8"), net("1.2.0.0/16")];
    assert_eq!(covering(&nets), [Some(4), Some(4), Some(4), None, None]);
    let equal = [net("1.2.3.4/32"), net("1.2.3.4/32")];
    assert_eq!(covering(&equal), [None, Some(0)]);
}

#[test]
fn neighbours_merge_into_one_wider_net() {
    let nets = [net("10.0.0.128/25"), net("9.9.9.9/32"), net("10.0.0.0/25"), net("10.0.0.1/32")];
    assert_eq!(mergeable(&nets), [Merge { into: net("10.0.0.0/24"), nets: vec![0, 2] }]);
    assert!(mergeable(&[net("10.0.0.0/25"), net("10.0.1.0/25")]).is_empty());
}

#[test]
fn a_hundred_thousand_rules_are_no_burden() {
    let nets: Vec<Ipv4Net> =
        (0..100_000u32).map(|n| Ipv4Net::from(Ipv4Addr::from_bits(n.wrapping_mul(2_654_435_761)))).collect();
    let set: Ipv4Set = nets.iter().copied().collect();
    assert!(nets.iter().all(|net| set.covers(net)));
    assert_eq!(set.size(), 100_000);
    assert!(covering(&nets).iter().all(Option::is_none));
    let reread: Ipv4Set = set.nets().into_iter().collect();
    assert_eq!(reread, set);
    mergeable(&nets);
}

/// Nets in 198.51.100.0/24, small enough to compare bit by bit.
fn small_net() -> impl Strategy<Value = Ipv4Net> {
    (any::<u8>(), 24..=32u8).prop_map(|(host, prefix)| {
        Ipv4Net::new(Ipv4Addr::new(198, 51, 100, host), prefix).expect("valid").trunc()
    })
}

fn members(nets: &[Ipv4Net]) -> Vec<bool> {
    addresses().map(|address| nets.iter().any(|net| net.contains(&address))).collect()
}

fn addresses() -> impl Iterator<Item = Ipv4Addr> {
    (0..=255).map(|host| Ipv4Addr::new(198, 51, 100, host))
}

proptest! {
    #[test]
    fn sets_agree_with_counting_every_address(
        left in prop::collection::vec(small_net(), 0..12), right in prop::collection::vec(small_net(), 0..12),
        probe in small_net(),
    ) {
        let (a, b): (Ipv4Set, Ipv4Set) = (left.iter().copied().collect(), right.iter().copied().collect());
        let (in_a, in_b) = (members(&left), members(&right));
        let expect = |set: &Ipv4Set, want: &dyn Fn(bool, bool) -> bool| {
            let found: Vec<bool> = addresses().map(|address| set.contains(address)).collect();
            let wanted: Vec<bool> = in_a.iter().zip(&in_b).map(|(a, b)| want(*a, *b)).collect();
            assert_eq!(found, wanted);
            assert_eq!(set.size(), wanted.iter().filter(|x| **x).count() as u64);
            assert_eq!(members(&set.nets()), wanted);
        };
        expect(&a, &|a, _| a);
        expect(&a.union(&b), &|a, b| a || b);
        expect(&a.intersection(&b), &|a, b| a && b);
        expect(&a.difference(&b), &|a, b| a && !b);
        let probed: Vec<bool> =
            addresses().zip(&in_a).filter(|(address, _)| probe.contains(address)).map(|(_, x)| *x).collect();
        prop_assert_eq!(a.covers(&probe), probed.iter().all(|x| *x));
        prop_assert_eq!(a.overlaps(&probe), probed.iter().any(|x| *x));
        prop_assert_eq!(a.nets(), Ipv4Net::aggregate(&left));
    }

    #[test]
    fn dropping_redundant_nets_loses_no_address(nets in prop::collection::vec(small_net(), 0..12)) {
        let covered = covering(&nets);
        let kept: Vec<Ipv4Net> =
            nets.iter().zip(&covered).filter(|(_, by)| by.is_none()).map(|(net, _)| *net).collect();
        prop_assert_eq!(members(&kept), members(&nets));
        for (net, by) in nets.iter().zip(covered) {
            let wider = nets.iter().any(|other| other != net && other.contains(net));
            prop_assert!(by.is_some() || !wider);
            if let Some(by) = by {
                prop_assert!(nets[by].contains(net));
            }
        }
        for merge in mergeable(&nets) {
            let parts: Vec<Ipv4Net> = merge.nets.iter().map(|index| nets[*index]).collect();
            prop_assert_eq!(members(&parts), members(&[merge.into]));
        }
    }

    #[test]
    fn any_text_is_a_rule_or_says_why(text in "[0-9a-zA-Z./:' *,-]{0,24}") {
        match parse_rule(&text) {
            Ok(rule) => prop_assert_eq!(rule.net.trunc(), rule.net),
            Err(not) => prop_assert!(!not.reason.is_empty()),
        }
    }
}
