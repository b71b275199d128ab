//! Proxies in front of the server: whose word is taken for where a request comes from.

use axum::http::HeaderMap;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

/// A network, as `10.0.0.0/8`, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    bits: u128,
    mask: u128,
    v4: bool,
}

/// Addresses whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; nobody's where empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies(pub Vec<Network>);

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The client's address; its port where it came itself.
    pub address: SocketAddr,
    /// A trusted proxy says that it took the request over https.
    pub encrypted: bool,
}

fn bits(address: IpAddr) -> (u128, bool) {
    match address.to_canonical() {
        IpAddr::V4(v4) => (u128::from(u32::from(v4)) << 96, true),
        IpAddr::V6(v6) => (u128::from(v6), false),
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("'{text}' is geen adres of netwerk, zoals 127.0.0.1 of 10.0.0.0/8");
        let (address, length) = text.split_once('/').map_or((text, None), |(a, l)| (a, Some(l)));
        let address: IpAddr = address.trim().parse().map_err(|_| wrong())?;
        let (bits, v4) = bits(address);
        let most: u32 = if v4 { 32 } else { 128 };
        let length = length.map_or(Ok(most), |l| l.trim().parse::<u32>().map_err(|_| wrong()))?;
        if length > most {
            return Err(wrong());
        }
        let mask = if length == 0 { 0 } else { u128::MAX << (128 - length) };
        Ok(Self { bits: bits & mask, mask, v4 })
    }
}

impl Network {
    fn holds(self, address: IpAddr) -> bool {
        let (bits, v4) = bits(address);
        v4 == self.v4 && bits & self.mask == self.bits
    }
}

impl Proxies {
    /// Is this address a proxy of ours?
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|n| n.holds(address))
    }

    /// Where a request comes from: from the nearest address that is none of our proxies. Whatever a client itself put
    /// into the headers lies further away and is never reached.
    pub fn resolve(&self, peer: SocketAddr, headers: &HeaderMap) -> Origin {
        if !self.trusts(peer.ip()) {
            return Origin { address: peer, encrypted: false };
        }
        let said: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|v| v.to_str().ok())
            .flat_map(|v| v.split(','))
            .collect();
        let mut nearest = peer;
        for hop in said.iter().rev() {
            let Some(address) = address_of(hop) else { break };
            nearest = SocketAddr::new(address, 0);
            if !self.trusts(address) {
                break;
            }
        }
        // The last one that added a word is the proxy that spoke to us.
        let proto = headers.get_all("x-forwarded-proto").iter().next_back().and_then(|v| v.to_str().ok());
        let encrypted =
            proto.is_some_and(|p| p.rsplit(',').next().is_some_and(|p| p.trim().eq_ignore_ascii_case("https")));
        Origin { address: nearest, encrypted }
    }
}

/// An address as proxies write it: bare, with a port, or in brackets.
fn address_of(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|t| t.split(']').next());
    let found =
        text.parse().ok().or_else(|| bare?.parse().ok()).or_else(|| text.parse::<SocketAddr>().ok().map(|s| s.ip()));
    found.map(|a: IpAddr| a.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, headers: &[(&'static str, &str)]) -> (String, bool) {
        let proxies = Proxies(vec!["10.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()]);
        let headers = headers.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect();
        let origin = proxies.resolve(SocketAddr::new(peer.parse().unwrap(), 9), &headers);
        (origin.address.ip().to_string(), origin.encrypted)
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let both = [("x-forwarded-for", "203.0.113.7"), ("x-forwarded-proto", "https")];
        assert_eq!(from("192.0.2.1", &both), ("192.0.2.1".to_owned(), false));
        assert_eq!(from("10.1.2.3", &both), ("203.0.113.7".to_owned(), true));
        assert_eq!(from("::1", &both), ("203.0.113.7".to_owned(), true));
        assert_eq!(from("::ffff:10.1.2.3", &both), ("203.0.113.7".to_owned(), true));
        assert_eq!(from("10.1.2.3", &[]), ("10.1.2.3".to_owned(), false));
        assert!(!from("10.1.2.3", &[("x-forwarded-proto", "http")]).1);
    }

    #[test]
    fn what_a_client_wrote_itself_is_not_reached() {
        let forged = [("x-forwarded-for", "198.51.100.9, 203.0.113.7, 10.9.9.9"), ("x-forwarded-for", "10.8.8.8")];
        assert_eq!(from("10.1.2.3", &forged).0, "203.0.113.7");
        assert_eq!(from("10.1.2.3", &[("x-forwarded-for", "198.51.100.9, onzin")]).0, "10.1.2.3");
        assert_eq!(from("10.1.2.3", &[("x-forwarded-for", "[2001:db8::1]:443")]).0, "2001:db8::1");
        assert_eq!(from("10.1.2.3", &[("x-forwarded-for", "203.0.113.7:5123")]).0, "203.0.113.7");
        assert!(!from("10.1.2.3", &[("x-forwarded-proto", "https, http")]).1);
    }

    #[test]
    fn a_network_is_written_with_its_length() {
        let holds = |n: &str, a: &str| n.parse::<Network>().unwrap().holds(a.parse().unwrap());
        assert!(holds("0.0.0.0/0", "1.2.3.4") && !holds("0.0.0.0/0", "::1"));
        assert!(holds("2001:db8::/32", "2001:db8:5::1") && !holds("2001:db8::/32", "2001:db9::1"));
        assert!(holds("10.2.3.4/8", "10.9.9.9") && !holds("10.0.0.0/9", "10.200.0.1"));
        for wrong in ["", "10.0.0.0/33", "10.0.0/8", "proxy.example", "10.0.0.0/x"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }
}
