//! Sets of IP addresses, and from which size on a set is "the internet".

use ipnet::IpNet;

/// Ranges of addresses, both ends included: ascending, apart from each other.
type Ranges = Vec<(u128, u128)>;

/// A set of IPv4 and IPv6 addresses. Ranges, not prefixes, so that `0.0.0.0/1` with `128.0.0.0/1` is what it is: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Addresses {
    v4: Ranges,
    v6: Ranges,
}

/// IPv4 addresses that nobody reaches over the internet: this network, private, shared, loopback, link-local, multicast
/// and reserved (IANA special-purpose address registry, RFC 6890; read August 2026).
const NOT_PUBLIC_V4: [(u128, u128); 8] = [
    (0x0000_0000, 0x00ff_ffff),
    (0x0a00_0000, 0x0aff_ffff),
    (0x6440_0000, 0x647f_ffff),
    (0x7f00_0000, 0x7fff_ffff),
    (0xa9fe_0000, 0xa9fe_ffff),
    (0xac10_0000, 0xac1f_ffff),
    (0xc0a8_0000, 0xc0a8_ffff),
    (0xe000_0000, 0xffff_ffff),
];

/// IPv6 addresses that are reached over the internet: global unicast, `2000::/3`.
const PUBLIC_V6: [(u128, u128); 1] = [(0x2000 << 112, (0x4000 << 112) - 1)];

/// More public addresses than this belong to no single organisation: a /8 of IPv4, a /12 of IPv6 (what a regional
/// registry gets at a time).
const LARGEST_V4: u128 = 1 << 24;
const LARGEST_V6: u128 = 1 << 116;

impl Addresses {
    /// The addresses of these blocks together.
    pub fn of(blocks: impl IntoIterator<Item = IpNet>) -> Addresses {
        let mut set = Addresses::default();
        for block in blocks {
            let (ranges, range) = set.side(block);
            ranges.push(range);
        }
        normalise(&mut set.v4);
        normalise(&mut set.v6);
        set
    }

    /// Adds a block.
    pub fn add(&mut self, block: IpNet) {
        let (ranges, range) = self.side(block);
        ranges.push(range);
        normalise(ranges);
    }

    /// Takes a block out.
    pub fn remove(&mut self, block: IpNet) {
        let (ranges, (low, high)) = self.side(block);
        let rest = |(from, to): (u128, u128)| {
            let below = (from < low).then(|| (from, to.min(low.saturating_sub(1))));
            let above = (to > high).then(|| (from.max(high.saturating_add(1)), to));
            below.into_iter().chain(above)
        };
        *ranges = std::mem::take(ranges).into_iter().flat_map(rest).collect();
    }

    /// Whether the set holds all of a block.
    pub fn contains(&self, block: IpNet) -> bool {
        let (low, high) = ends(block);
        let ranges = if matches!(block, IpNet::V4(_)) { &self.v4 } else { &self.v6 };
        ranges.iter().any(|(from, to)| *from <= low && high <= *to)
    }

    /// Whether so many public addresses are in the set that whoever is on the internet is, or can place himself, in it.
    pub fn is_internet(&self) -> bool {
        let public_v4 = size(&self.v4) - shared(&self.v4, &NOT_PUBLIC_V4);
        public_v4 > LARGEST_V4 || shared(&self.v6, &PUBLIC_V6) > LARGEST_V6
    }

    fn side(&mut self, block: IpNet) -> (&mut Ranges, (u128, u128)) {
        let ranges = if matches!(block, IpNet::V4(_)) { &mut self.v4 } else { &mut self.v6 };
        (ranges, ends(block))
    }
}

fn ends(block: IpNet) -> (u128, u128) {
    match block {
        IpNet::V4(net) => (u32::from(net.network()).into(), u32::from(net.broadcast()).into()),
        IpNet::V6(net) => (net.network().into(), net.broadcast().into()),
    }
}

fn normalise(ranges: &mut Ranges) {
    ranges.sort_unstable();
    let mut merged: Ranges = Vec::with_capacity(ranges.len());
    for (from, to) in ranges.drain(..) {
        match merged.last_mut() {
            Some((_, end)) if from <= end.saturating_add(1) => *end = to.max(*end),
            _ => merged.push((from, to)),
        }
    }
    *ranges = merged;
}

/// How many addresses; all of IPv6 is one too many for the type and counts as one less.
fn size(ranges: &[(u128, u128)]) -> u128 {
    ranges.iter().fold(0, |sum: u128, (from, to)| sum.saturating_add((to - from).saturating_add(1)))
}

fn shared(ranges: &[(u128, u128)], others: &[(u128, u128)]) -> u128 {
    let both =
        |a: &(u128, u128), b: &(u128, u128)| (a.0.max(b.0) <= a.1.min(b.1)).then(|| (a.0.max(b.0), a.1.min(b.1)));
    let common: Ranges = ranges.iter().flat_map(|a| others.iter().filter_map(move |b| both(a, b))).collect();
    size(&common)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set(blocks: &[&str]) -> Addresses {
        Addresses::of(blocks.iter().map(|b| b.parse().unwrap()))
    }

    #[test]
    fn the_internet_is_recognised_in_pieces_and_private_space_is_not_it() {
        for open in [&["0.0.0.0/0"][..], &["::/0"], &["0.0.0.0/1", "128.0.0.0/1"], &["0.0.0.0/1"], &["2000::/3"]] {
            assert!(set(open).is_internet(), "{open:?}");
        }
        let nearly: Vec<String> = (1..=223).map(|i| format!("{i}.0.0.0/9")).collect();
        assert!(set(&nearly.iter().map(String::as_str).collect::<Vec<_>>()).is_internet());
        let own =
            ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "17.0.0.0/8", "fc00::/7", "2a01::/19"];
        assert!(!set(&own).is_internet());
        assert!(!set(&["224.0.0.0/3", "fe80::/10"]).is_internet());
        assert!(!set(&[]).is_internet());
    }

    #[test]
    fn blocks_are_taken_out_and_put_together() {
        let mut all = set(&["0.0.0.0/0"]);
        all.remove("0.0.0.0/1".parse().unwrap());
        assert_eq!(all, set(&["128.0.0.0/1"]));
        all.remove("128.0.0.0/1".parse().unwrap());
        assert_eq!(all, Addresses::default());
        all.add("10.0.0.0/25".parse().unwrap());
        all.add("10.0.0.128/25".parse().unwrap());
        assert!(all.contains("10.0.0.0/24".parse().unwrap()) && !all.contains("10.0.0.0/23".parse().unwrap()));
        let mut six = set(&["::/0"]);
        six.remove("::/0".parse().unwrap());
        assert_eq!(six, Addresses::default());
    }

    proptest! {
        #[test]
        fn a_set_holds_what_was_added_and_not_removed_since(
            steps in prop::collection::vec((any::<bool>(), any::<u32>(), 0u8..=32), 0..12),
            probe in any::<u32>(),
        ) {
            let mut set = Addresses::default();
            let mut held = false;
            let host = |ip: u32| IpNet::from(std::net::IpAddr::from(std::net::Ipv4Addr::from(ip)));
            for (add, ip, bits) in steps {
                let block = IpNet::new(std::net::Ipv4Addr::from(ip).into(), bits).unwrap();
                if add { set.add(block) } else { set.remove(block) }
                if block.contains(&host(probe)) { held = add }
            }
            prop_assert_eq!(set.contains(host(probe)), held);
        }
    }
}
