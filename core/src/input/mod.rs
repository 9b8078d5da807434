//! The files that a host handed over: what each is, and what is checked as one.

mod documents;
mod units;

pub use documents::identify;
pub(crate) use documents::{Document, Documents, Json, Parsed};
pub(crate) use units::{Environment, Known, all, environment, references};

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// An ARM template.
    Arm,
    /// An ARM parameter file.
    ArmParameters,
    /// A Bicep file.
    Bicep,
    /// A Bicep parameter file.
    BicepParameters,
    /// A file of a Terraform module.
    Terraform,
    /// A file with values of Terraform's variables.
    TerraformVariables,
    /// What `terraform show -json` prints of a plan or a state.
    TerraformPlan,
    /// JSON as Azure itself prints it: `az … show|list`, Resource Graph, what-if.
    AzureJson,
}

impl Language {
    /// Every language.
    pub const ALL: [Language; 8] = [
        Language::Arm,
        Language::ArmParameters,
        Language::Bicep,
        Language::BicepParameters,
        Language::Terraform,
        Language::TerraformVariables,
        Language::TerraformPlan,
        Language::AzureJson,
    ];

    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Language::Arm => "arm",
            Language::ArmParameters => "arm-parameters",
            Language::Bicep => "bicep",
            Language::BicepParameters => "bicep-parameters",
            Language::Terraform => "terraform",
            Language::TerraformVariables => "terraform-variables",
            Language::TerraformPlan => "terraform-plan",
            Language::AzureJson => "azure-json",
        }
    }
}
