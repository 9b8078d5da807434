//! What vaultmoat reports about one subject each: a part of the network, a language, a setting, a kind of fault.

mod absence;
mod cases;
mod dns;
mod firewall;
mod ip_rules;
mod known_modules;
mod operations;
mod plan;
mod private_endpoints;
mod registry;
mod reviewed;
mod services;
mod settings;
mod terraform_consumers;
mod terraform_fixes;
mod terraform_plan;
