use super::*;

#[test]
fn a_declaration_of_each_kind_is_read() {
    let tree = parse("param a string = 'b'\n".into());
    assert_eq!(tree.problems(), []);
}
