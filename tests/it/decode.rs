//! `dockside decode` as other programs rely on it, with the carriers that are shipped.

#![cfg(test)]

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

fn decode(args: &[&str], input: &[u8]) -> (Option<i32>, Vec<Value>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dockside"))
        .args(args)
        .arg("decode")
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (output.status.code(), lines)
}

#[test]
fn every_line_has_its_answer_in_its_place() {
    let cases = [
        ("]C101034531200000111719112510ABCD1234", "gs1", None),
        ("4006381333931", "gtin", None),
        ("1Z999AA10123456784", "tracking", Some("ups")),
        ("RB123456785GB", "tracking", Some("royal_mail")),
        ("TBA123456789012", "tracking", Some("amazon")),
        ("986578788855", "tracking", Some("fedex")),
        ("6A12345678901", "tracking", Some("colissimo")),
        ("340123450000000017", "sscc", None),
        ("https://id.example/01/04006381333931", "digital_link", None),
        ("BIN-RESTOCK-1", "bin", None),
        ("BDGRECEIVER", "badge", None),
        ("LPN00700000423", "lpn", None),
        ("1Z999AA10123456785", "unknown", None),
    ];
    let input: String = cases.iter().map(|(line, ..)| format!("{line}\n")).collect();
    let (code, lines) = decode(&[], input.as_bytes());
    assert_eq!((code, lines.len()), (Some(0), cases.len()));
    for ((text, kind, carrier), told) in cases.iter().zip(&lines) {
        assert_eq!((&told["input"], &told["kind"]), (&json!(text), &json!(kind)), "{told}");
        assert_eq!(told["carrier"].as_str(), *carrier, "{told}");
    }
    assert_eq!(lines[12]["errors"][0]["code"], "check_digit");
    assert_eq!(lines[6]["alternatives"][0]["kind"], "tracking", "ambiguity is an answer");
}

#[test]
fn a_separator_is_written_as_an_escape_and_a_bad_one_is_named() {
    let input = b"]C1010345312000001110AB\\x1d21S7\n\\q\nnot \xff utf-8\n4006381333931";
    let (code, lines) = decode(&[], input);
    assert_eq!((code, lines.len()), (Some(1), 4));
    assert_eq!((&lines[0]["lot"], &lines[0]["serial"]), (&json!("AB"), &json!("S7")));
    assert_eq!(lines[1]["error"]["code"], "bad_escape");
    assert_eq!(lines[2]["error"]["code"], "charset");
    assert_eq!(lines[3]["kind"], "gtin");
}

#[test]
fn a_line_longer_than_any_scan_is_answered_and_the_next_one_too() {
    let mut input = vec![b'7'; 200_000];
    input.extend_from_slice(b"\n4006381333931\n");
    let (code, lines) = decode(&[], &input);
    assert_eq!((code, lines.len()), (Some(0), 2));
    assert_eq!(lines[0]["errors"][0]["code"], "too_long");
    assert_eq!(lines[1]["kind"], "gtin");
}

#[test]
fn with_a_data_directory_the_order_book_is_the_judge() {
    let dir = tempfile::tempdir().unwrap();
    let order = json!({
        "order_no": "4006381333931", "currency": "EUR",
        "lines": [{"line": 1, "sku": "S", "qty": 1, "unit_price": 1, "serials": ["SN-778899"]}],
    });
    let data = dir.path().to_str().unwrap();
    let mut import = Command::new(env!("CARGO_BIN_EXE_dockside"))
        .args(["--data", data, "import", "orders", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    import.stdin.take().unwrap().write_all(order.to_string().as_bytes()).unwrap();
    assert!(import.wait().unwrap().success());
    let (_, lines) = decode(&["--data", data], b"4006381333931\nSN-778899\n");
    assert_eq!(lines[0]["kind"], "order");
    assert_eq!(lines[0]["alternatives"][0]["gtin"], "04006381333931");
    assert_eq!((&lines[1]["kind"], &lines[1]["serial"]), (&json!("serial"), &json!("SN-778899")));
}
