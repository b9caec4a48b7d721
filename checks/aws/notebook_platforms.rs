//! The platforms of notebook instances and how long they get security patches.

use jiff::civil::Date;

/// One platform of notebook instances.
pub(crate) struct Platform {
    /// `PlatformIdentifier`.
    pub(crate) id: &'static str,
    /// The operating system, for people.
    pub(crate) system: &'static str,
    /// The last day with security patches.
    pub(crate) supported_until: Date,
}

/// Every platform that SageMaker has offered, as of 2026-11.
///
/// Sources: the values of `PlatformIdentifier` in the Amazon SageMaker API Reference; Amazon Linux AMI FAQs (end of
/// support 2023-12-31); Amazon Linux 2 FAQs (end of support 2026-06-30); Amazon Linux 2023 User Guide, "Release
/// cadence" (supported until 2029-06-30).
const PLATFORMS: [Platform; 6] = [
    amazon_linux_1("notebook-al1-v1"),
    amazon_linux_2("notebook-al2-v1"),
    amazon_linux_2("notebook-al2-v2"),
    amazon_linux_2("notebook-al2-v3"),
    amazon_linux_2023("notebook-al2023-v1"),
    amazon_linux_2023("notebook-al2023-v2"),
];

const fn amazon_linux_1(id: &'static str) -> Platform {
    Platform { id, system: "Amazon Linux 1", supported_until: Date::constant(2023, 12, 31) }
}

const fn amazon_linux_2(id: &'static str) -> Platform {
    Platform { id, system: "Amazon Linux 2", supported_until: Date::constant(2026, 6, 30) }
}

const fn amazon_linux_2023(id: &'static str) -> Platform {
    Platform { id, system: "Amazon Linux 2023", supported_until: Date::constant(2029, 6, 30) }
}

/// The platform of that identifier; `None` when it is younger than this table.
pub(crate) fn platform(id: &str) -> Option<&'static Platform> {
    const { &PLATFORMS }.iter().find(|platform| platform.id == id)
}
