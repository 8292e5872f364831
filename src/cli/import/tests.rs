//! What `dockside import` prints, writes and exits with.

use std::path::PathBuf;

use super::*;

const GOOD: &str = r#"{"sku":"S1"}"#;
const BAD: &str = r#"{"sku":""}"#;

fn import(dir: &Path, files: &[PathBuf]) -> (u8, Vec<serde_json::Value>) {
    let mut out = Vec::new();
    let code = run(&dir.join("data"), Kind::Products, files, true, &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    (code, out.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn file(dir: &Path, name: &str, rows: &[&str]) -> PathBuf {
    let path = dir.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, rows.join("\n")).unwrap();
    path
}

#[test]
fn a_clean_file_exits_0_and_leaves_no_reject_file() {
    let dir = tempfile::tempdir().unwrap();
    let (code, printed) = import(dir.path(), &[file(dir.path(), "spring.jsonl", &[GOOD])]);
    assert_eq!(code, 0);
    let wanted = serde_json::json!([{"read": 1, "stored": 1, "rejected": 0, "reject_file": null}]);
    assert_eq!(serde_json::Value::from(printed), wanted);
    assert!(!dir.path().join("data/rejects").exists());
}

#[test]
fn refused_rows_exit_1_and_stand_in_the_reject_file_until_the_file_is_mended() {
    let dir = tempfile::tempdir().unwrap();
    let broken = file(dir.path(), "spring.jsonl", &[GOOD, BAD]);
    let (code, printed) = import(dir.path(), std::slice::from_ref(&broken));
    assert_eq!(code, 1);
    let rejects = dir.path().join("data/rejects/products-spring.jsonl");
    assert_eq!(printed[0]["rejected"], 1);
    assert_eq!(printed[0]["reject_file"], rejects.to_str().unwrap());
    let row = std::fs::read_to_string(&rejects).unwrap();
    let row: serde_json::Value = serde_json::from_str(&row).unwrap();
    assert_eq!((row["line"].as_i64(), row["row"].as_str()), (Some(2), Some(BAD)));
    let mended = file(dir.path(), "spring.jsonl", &[GOOD, GOOD]);
    assert_eq!(import(dir.path(), &[mended]).0, 0);
    assert!(!rejects.exists(), "what is out of date does not stay");
}

#[test]
fn two_files_of_one_name_keep_their_rejects_apart() {
    let dir = tempfile::tempdir().unwrap();
    let files = ["a/x.jsonl", "b/x.jsonl"].map(|name| file(dir.path(), name, &[BAD]));
    let (_, printed) = import(dir.path(), &files);
    for (printed, name) in printed.iter().zip(["products-x.jsonl", "products-x-2.jsonl"]) {
        let path = dir.path().join("data/rejects").join(name);
        assert_eq!(printed["reject_file"], path.to_str().unwrap());
        assert!(path.exists());
    }
}

#[test]
fn csv_is_refused_before_anything_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let files = [file(dir.path(), "good.jsonl", &[GOOD]), PathBuf::from("orders.CSV")];
    let data = dir.path().join("data");
    let refused = run(&data, Kind::Orders, &files, true, &mut Vec::new()).unwrap_err();
    assert!(refused.to_string().contains("reads JSON lines"), "{refused}");
    assert!(refused.downcast_ref::<ImportRefused>().is_some());
    assert!(!data.exists());
}
