//! What is on the public web: never this machine, nor a network that only it can reach.

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Finds hosts by name, and gives only what lies outside.
#[derive(Debug)]
pub struct Outside;

/// A host that has no address outside.
#[derive(Debug, thiserror::Error)]
#[error("no address that is public")]
pub struct Inside;

impl Resolve for Outside {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let outside: Vec<SocketAddr> = found.filter(|a| is_outside(a.ip())).collect();
            if outside.is_empty() {
                return Err(Inside.into());
            }
            Ok(Box::new(outside.into_iter()) as Addrs)
        })
    }
}

/// Is this an address on the public web, as far as one can see without asking for its host?
pub fn is_public(url: &Url) -> bool {
    let bare = url.username().is_empty() && url.password().is_none();
    if !bare || !matches!(url.scheme(), "http" | "https") || !matches!(url.port(), None | Some(80 | 443)) {
        return false;
    }
    let host = url.host_str().unwrap_or_default();
    if let Ok(ip) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
        return is_outside(ip);
    }
    // A name without a dot is one of a network of one's own.
    let name = host.trim_end_matches('.');
    let inner = [".local", ".localhost", ".internal", ".lan", ".home.arpa"];
    name.contains('.') && !inner.iter().any(|end| name.ends_with(end))
}

/// Does this address lie outside this machine and every network of one's own?
pub fn is_outside(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_outside_v4(ip),
        IpAddr::V6(ip) => match within(ip) {
            Some(v4) => is_outside_v4(v4),
            None => is_outside_v6(ip),
        },
    }
}

/// The address of the older protocol that one of the newer stands for.
fn within(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let parts = ip.segments();
    let joined = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    // Translated (64:ff9b::/96) and by way of 6to4 (2002::/16).
    if parts[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        return Some(joined(parts[6], parts[7]));
    }
    if parts[0] == 0x2002 {
        return Some(joined(parts[1], parts[2]));
    }
    ip.to_ipv4_mapped().or_else(|| (parts[..6] == [0; 6]).then(|| joined(parts[6], parts[7])))
}

fn is_outside_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b)))
}

fn is_outside_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    // Of the whole space only 2000::/3 is given out to the world; of that not for documentation, and no tunnels.
    (a & 0xe000) == 0x2000 && !(a == 0x2001 && (b == 0xdb8 || b == 0)) && (a & 0xfff0) != 0x3ff0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_inside_is_never_asked() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "192.0.2.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "::7f00:1",
        ] {
            assert!(!is_outside(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["8.8.8.8", "193.0.14.129", "2a00:1450:400e:80c::200e", "::ffff:8.8.8.8", "100.128.0.1"] {
            assert!(is_outside(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn an_address_names_the_public_web() {
        let url = |text: &str| Url::parse(text).unwrap();
        for good in ["https://www.thuisarts.nl/levenseinde", "http://palliaweb.nl", "https://8.8.8.8/x"] {
            assert!(is_public(&url(good)), "{good}");
        }
        for bad in [
            "http://localhost/",
            "http://127.0.0.1/",
            "http://[::1]/",
            "http://2130706433/",
            "http://0x7f.1/",
            "ftp://palliaweb.nl/",
            "file:///etc/passwd",
            "http://intranet/",
            "http://printer.local/",
            "http://metadata.google.internal/",
            "https://a:b@palliaweb.nl/",
            "http://palliaweb.nl:22/",
            "http://192.168.0.1/",
            "http://[fd00::1]/",
            "http://[::ffff:127.0.0.1]/",
        ] {
            assert!(!is_public(&url(bad)), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_finds_nothing() {
        let found = Outside.resolve("localhost".parse().unwrap()).await;
        assert!(found.is_err());
    }
}
