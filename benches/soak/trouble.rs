//! Random trouble: rates, denials and faults.

use sagescan::collect::calls_for;
use sagescan::serve::{Fault, Options, Quota};
use sagescan_checks::snapshot::Table;

use super::dice::Dice;

const FAULTS: &[Fault] = &[
    Fault::Throttle,
    Fault::Error500,
    Fault::Hang,
    Fault::Cut,
    Fault::EmptyPage,
    Fault::RepeatToken,
    Fault::UnknownEnum,
    Fault::Html500,
    Fault::Malformed,
];

/// Some operations limited, some denied, some broken for a while or for good. Whoever asks is always told who it is:
/// without that there is no report, which has a test of its own.
pub fn at_random(dice: &mut Dice) -> Options {
    let calls = calls_for(&Table::ALL.iter().copied().collect());
    let operations: Vec<&str> =
        calls.iter().map(|call| call.source).filter(|name| *name != "sts:GetCallerIdentity").collect();
    let some = |dice: &mut Dice, most: usize| -> Vec<&str> {
        (0..dice.below(most + 1)).map(|_| *dice.pick(&operations)).collect()
    };
    let limited = some(dice, 8).into_iter();
    let tps = limited.map(|name| (name.to_owned(), Quota::per_second(20.0 + dice.below(200) as f64))).collect();
    let deny = some(dice, 3).into_iter().map(str::to_owned).collect();
    let mut faults = Vec::new();
    for name in some(dice, 25) {
        // Most faults pass; one in five stays. Hanging for good would only be waited for.
        let (times, fault) = (1 + dice.below(40), *dice.pick(FAULTS));
        // An entry of a network ACL that does not plainly deny counts as one that allows: what it was does not show.
        if fault == Fault::UnknownEnum && name == "ec2:DescribeNetworkAcls" {
            continue;
        }
        let stays = dice.once_in(5) && fault != Fault::Hang;
        faults.push((if stays { name.to_owned() } else { format!("{name}@{times}") }, fault));
    }
    if dice.once_in(20) {
        faults.push((format!("{}@1", dice.pick(&operations)), Fault::Expired));
    }
    Options { tps, deny, faults, ..Options::default() }
}

/// The trouble in a line, to try it again.
pub fn told(options: &Options) -> String {
    let faults = options.faults.iter().map(|(name, fault)| format!("{name}={fault:?}"));
    let rates = options.tps.iter().map(|(name, quota)| format!("{name}={}", quota.rate));
    let (faults, rates): (Vec<_>, Vec<_>) = (faults.collect(), rates.collect());
    format!("faults {}; rates {}; denied {}", faults.join(","), rates.join(","), options.deny.join(","))
}
