//! Which addresses are everybody's, and a resolver that gives no others.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A name that leads into the own network.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to no public address")]
pub struct Forbidden;

/// Resolves names to public addresses only: one that has any other is not reached at all.
pub struct OnlyPublic;

impl Resolve for OnlyPublic {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if found.iter().any(|a| !is_public(a.ip())) {
                return Err(Forbidden.into());
            }
            let all: Addrs = Box::new(found.into_iter());
            Ok(all)
        })
    }
}

/// Is this an address of the internet, rather than of this machine, its network, or nobody?
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = match a {
        0 | 240..=255 => true,
        // Shared by customers of one provider.
        100 => (64..128).contains(&b),
        192 => b == 0 && c == 0,
        // For measuring.
        198 => b == 18 || b == 19,
        _ => false,
    };
    !(special
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation())
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let inner = |high: u16, low: u16| {
        let (high, low) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(high[0], high[1], low[0], low[1]))
    };
    match ip.segments() {
        // An older address in a newer one, mapped or translated.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            inner(high, low)
        }
        // Tunnels and documentation.
        [0x2001, 0 | 0x0db8, ..] => false,
        // What was handed out at all begins so; own networks, links and groups do not.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_network_is_not_everybodys() {
        let public = |text: &str| is_public(text.parse().unwrap());
        for own in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.8",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:192.168.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "fe80::1",
            "fec0::1",
            "fd12::1",
            "ff02::1",
            "2001::1",
        ] {
            assert!(!public(own), "{own}");
        }
        for all in
            ["1.1.1.1", "145.97.0.1", "100.128.0.1", "172.32.0.1", "2606:4700::1", "::ffff:1.1.1.1", "64:ff9b::101:101"]
        {
            assert!(public(all), "{all}");
        }
    }
}
