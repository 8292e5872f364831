//! Arguments in, exit code out.

use std::process::ExitCode;

use dockside::cli::{self, Home, TerminalVariables};

#[expect(clippy::disallowed_methods, reason = "the environment is read here, once")]
fn main() -> ExitCode {
    let path = |name: &str| std::env::var_os(name).map(std::path::PathBuf::from);
    let text = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let home = Home { xdg_data: path("XDG_DATA_HOME"), home: path("HOME") };
    let terminal = TerminalVariables {
        no_color: text("NO_COLOR"),
        term: text("TERM"),
        colorterm: text("COLORTERM"),
        locale: text("LC_ALL").or_else(|| text("LC_CTYPE")).or_else(|| text("LANG")),
    };
    ExitCode::from(cli::main(std::env::args_os(), home, terminal))
}
