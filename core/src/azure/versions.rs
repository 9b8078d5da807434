//! API versions of vaults: their order, what appeared when, what retires.

use std::fmt::{Display, Formatter, Result};

/// An API version such as `2024-04-01-preview`. Versions order by date; of one date the preview comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion {
    year: u16,
    month: u8,
    day: u8,
    is_stable: bool,
}

impl ApiVersion {
    /// A stable version.
    pub const fn stable(year: u16, month: u8, day: u8) -> Self {
        Self { year, month, day, is_stable: true }
    }

    /// A preview version.
    pub const fn preview(year: u16, month: u8, day: u8) -> Self {
        Self { year, month, day, is_stable: false }
    }

    /// Reads a version; `None` when the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, '-');
        let mut number = |digits: usize| {
            let part = parts.next()?;
            let is_number = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
            if is_number { part.parse::<u16>().ok() } else { None }
        };
        let year = number(4)?;
        let month = u8::try_from(number(2)?).ok().filter(|month| (1..=12).contains(month))?;
        let day = u8::try_from(number(2)?).ok().filter(|day| (1..=31).contains(day))?;
        let is_stable = match parts.next() {
            None => true,
            Some(label) if !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                false
            }
            Some(_) => return None,
        };
        Some(Self { year, month, day, is_stable })
    }

    /// Whether it is a preview.
    pub const fn is_preview(self) -> bool {
        !self.is_stable
    }
}

impl Display for ApiVersion {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let label = if self.is_stable { "" } else { "-preview" };
        write!(f, "{:04}-{:02}-{:02}{label}", self.year, self.month, self.day)
    }
}

/// The versions of vaults that have types (F1.1), oldest first.
pub static VAULT_VERSIONS: &[ApiVersion] = &[
    ApiVersion::stable(2015, 6, 1),
    ApiVersion::stable(2016, 10, 1),
    ApiVersion::preview(2018, 2, 14),
    ApiVersion::stable(2018, 2, 14),
    ApiVersion::stable(2019, 9, 1),
    ApiVersion::preview(2020, 4, 1),
    ApiVersion::preview(2021, 4, 1),
    ApiVersion::preview(2021, 6, 1),
    ApiVersion::stable(2021, 10, 1),
    ApiVersion::preview(2021, 11, 1),
    ApiVersion::preview(2022, 2, 1),
    ApiVersion::stable(2022, 7, 1),
    ApiVersion::stable(2022, 11, 1),
    ApiVersion::stable(2023, 2, 1),
    ApiVersion::stable(2023, 7, 1),
    ApiVersion::preview(2024, 4, 1),
    ApiVersion::stable(2024, 11, 1),
    ApiVersion::preview(2024, 12, 1),
    ApiVersion::stable(2025, 5, 1),
    ApiVersion::stable(2026, 2, 1),
    ApiVersion::preview(2026, 3, 1),
    ApiVersion::preview(2026, 4, 1),
];

/// The newest stable version of vaults (F1.1).
pub const NEWEST_VAULT: ApiVersion = ApiVersion::stable(2026, 2, 1);

/// Control-plane versions of vaults older than this retire on [`RETIREMENT_DATE`] (F1.2).
pub const FIRST_NOT_RETIRING: ApiVersion = ApiVersion::stable(2026, 2, 1);

/// When older control-plane versions retire (F1.2).
pub const RETIREMENT_DATE: &str = "2027-02-27";

/// From this version on a vault without `enableRbacAuthorization` is created with RBAC (F1.14).
pub const RBAC_BY_DEFAULT: ApiVersion = ApiVersion::stable(2026, 2, 1);

/// From this version on a zone link has `resolutionPolicy` (F4.43).
pub const RESOLUTION_POLICY: ApiVersion = ApiVersion::stable(2024, 6, 1);

/// From this version on a private endpoint has zone groups: the oldest in the template reference of
/// `privateEndpoints/privateDnsZoneGroups`.
pub const ZONE_GROUPS: ApiVersion = ApiVersion::stable(2020, 3, 1);

/// From this version on an app has `outboundVnetRouting` (F5.3).
pub const OUTBOUND_VNET_ROUTING: ApiVersion = ApiVersion::stable(2024, 11, 1);

/// Properties of vaults that older versions ignore, and the version that brought them (F1.3, F1.4).
pub static VAULT_PROPERTIES_SINCE: &[(&str, ApiVersion)] = &[
    ("networkAcls", ApiVersion::stable(2018, 2, 14)),
    ("enableRbacAuthorization", ApiVersion::stable(2019, 9, 1)),
    ("publicNetworkAccess", ApiVersion::preview(2021, 6, 1)),
    ("tokenBindingParameters", ApiVersion::preview(2026, 3, 1)),
];
