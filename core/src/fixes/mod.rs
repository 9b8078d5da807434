//! Changes to the model that fixes are made of. Rules and the simulator offer them, and a language writes each of them or
//! refuses.

mod dns;
mod firewall;

pub use dns::{link_zone, register_endpoint};
pub use firewall::{
    add_rule, add_service_endpoint, close_public_endpoint, disable_public_access, refuse_by_default,
};
