//! Prints the reference page of the agreement document; `cargo xtask reference` keeps it in `docs/`.

fn main() {
    print!("{}", zwerm_agreement::reference::page());
}
