//! The TypeScript types of the npm package are those of the engine's result types.

use std::path::Path;
use ts_rs::{Config, TS};
use vaultmoat_core::report::{
    AccessChange, AccessReport, AccessState, Action, Answer, AnswerKind, Applicability, ChangeKind,
    Confidence, Control, ControlState, ControlsReport, Decision, Diagnostic, DiffReport, EdgeKind,
    ElementModel, FileEdits, FileReport, Fix, FrameworkRequirement, Gate, GraphEdge, GraphFinding, GraphNode,
    GraphReport, Hop, HopKind, Known, LinkModel, LogQuery, LogState, Logged, Loss, ModelReport,
    MonitorReport, MonitoredVault, NetworkAclsModel, NodeKind, Note, Outcome, Outside, OutsideKind, Phase,
    PhaseKind, Plan, PolicyAssignment, Position, Proof, Range, Region, Related, Report, Requirement,
    Resolution, ResourceRef, RuleInfo, Severity, SkipReason, Skipped, State, Step, StreamFinding,
    StreamProblem, StreamRecord, StreamRelated, StreamSummary, StreamUndecided, Summary, Suppression,
    SuppressionKind, TextEdit, Undecided, UndeclaredParameter, VaultModel, Verdict, Via,
};

const HEADER: &str = "// Generated from the engine's result types. After a change there: make types\n";

fn declaration<T: TS>(config: &Config) -> String {
    tidy(&format!("\n{}export {}\n", T::docs().unwrap_or_default(), T::decl(config)))
}

/// One-line comments on one line, fields indented, no spaces at line ends.
fn tidy(declaration: &str) -> String {
    let text =
        declaration.replace("/**\n * ", "/** ").replace("\n */", " */").replace("[`", "`").replace("`]", "`");
    let text = text.replace(", };", ",\n};").replace(", } ", ",\n} ");
    let mut depth = 0usize;
    let mut tidied = String::new();
    for line in text.lines() {
        let line = line.trim_end();
        let code = if line.starts_with("/**") || line.starts_with(" *") { "" } else { line };
        depth = depth.saturating_sub(usize::from(code.starts_with('}')));
        if !line.is_empty() {
            tidied.push_str(&"  ".repeat(depth));
            tidied.push_str(line);
        }
        tidied.push('\n');
        depth += usize::from(code.ends_with('{'));
    }
    tidied
}

macro_rules! declarations {
    ($($type:ty),+ $(,)?) => {{
        let config = Config::new().with_large_int("number");
        let mut text = HEADER.to_owned();
        $(text.push_str(&declaration::<$type>(&config));)+
        text
    }};
}

fn types() -> String {
    declarations![
        Report,
        Summary,
        FileReport,
        Diagnostic,
        Skipped,
        SkipReason,
        UndeclaredParameter,
        Suppression,
        SuppressionKind,
        Severity,
        Confidence,
        Position,
        Range,
        ResourceRef,
        Related,
        Fix,
        Applicability,
        TextEdit,
        FileEdits,
        Undecided,
        RuleInfo,
        ModelReport,
        VaultModel,
        NetworkAclsModel,
        ElementModel,
        LinkModel,
        Proof,
        Decision,
        Outcome,
        Via,
        Outside,
        OutsideKind,
        Step,
        Gate,
        Verdict,
        AccessReport,
        Resolution,
        Hop,
        HopKind,
        Answer,
        AnswerKind,
        Plan,
        Phase,
        PhaseKind,
        State,
        Action,
        Note,
        Loss,
        Region,
        DiffReport,
        AccessChange,
        AccessState,
        ChangeKind,
        Known,
        GraphReport,
        GraphNode,
        NodeKind,
        GraphEdge,
        EdgeKind,
        GraphFinding,
        MonitorReport,
        MonitoredVault,
        Logged,
        LogState,
        LogQuery,
        PolicyAssignment,
        ControlsReport,
        Control,
        ControlState,
        FrameworkRequirement,
        Requirement,
        StreamRecord,
        StreamFinding,
        StreamUndecided,
        StreamProblem,
        StreamSummary,
        StreamRelated,
    ]
}

/// `UPDATE=1` writes the file instead.
#[test]
fn committed_types_are_the_generated_ones() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../npm/src/types.ts");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, types()).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == types(), "npm/src/types.ts is stale: run `make types`");
}
