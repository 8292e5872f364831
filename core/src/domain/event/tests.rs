//! The envelope's bytes: what is written is read back, what is not known is kept.

use super::*;

fn envelope(event: Event) -> Envelope {
    Envelope {
        id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        site: "lille-2".parse().unwrap(),
        station: StationNo::try_from(7).unwrap(),
        stream: Uuid::from_u128(2),
        seq: 3,
        at: 1_767_600_000_000,
        operator: Some("receiver".parse().unwrap()),
        device: None,
        rules: "2026.1".to_owned(),
        event,
    }
}

#[test]
fn the_canonical_bytes_are_these() {
    let event = UnitGraded {
        lpn: "LPN00700000423".parse().unwrap(),
        scale: "generic".to_owned(),
        grade: "A".to_owned(),
        implied: true,
    };
    let bytes = envelope(event.into()).to_bytes().unwrap();
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        r#"{"id":"01900000-0000-7000-8000-000000000001","site":"lille-2","station":7,"stream":"00000000-0000-0000-0000-000000000002","seq":3,"at":1767600000000,"operator":"receiver","device":null,"rules":"2026.1","kind":"UnitGraded","v":1,"payload":{"lpn":"LPN00700000423","scale":"generic","grade":"A","implied":true}}"#
    );
}

#[test]
fn an_event_reads_back_as_it_was() {
    let event = ParcelMatched {
        parcel: "P0070000001".parse().unwrap(),
        client: ClientId::default(),
        order_no: "W1".parse().unwrap(),
        rma: None,
        author: Author::Rule,
        by: MatchedBy::Tracking,
        probability: 1.0,
    };
    let written = envelope(event.into());
    assert_eq!(Envelope::from_bytes(&written.to_bytes().unwrap()).unwrap(), written);
}

#[test]
fn a_kind_of_a_newer_program_is_kept_word_for_word() {
    let newer = envelope(Event::Unknown(Unknown {
        kind: "UnitTeleported".to_owned(),
        v: 4,
        payload: serde_json::json!({"lpn": "LPN00700000423"}),
    }));
    let read = Envelope::from_bytes(&newer.to_bytes().unwrap()).unwrap();
    assert_eq!(read, newer);
    assert_eq!((read.event.kind(), read.event.version()), ("UnitTeleported", 4));
}

#[test]
fn a_known_kind_of_a_newer_version_is_not_read_as_ours() {
    let bytes = envelope(ShiftEnded { operator: "anna".parse().unwrap() }.into()).to_bytes();
    let text = String::from_utf8(bytes.unwrap()).unwrap().replace("\"v\":1", "\"v\":2");
    let read = Envelope::from_bytes(text.as_bytes()).unwrap();
    assert!(matches!(read.event, Event::Unknown(Unknown { v: 2, .. })));
}

#[test]
fn a_payload_that_lacks_a_key_is_an_error_not_a_default() {
    let bytes = envelope(ShiftEnded { operator: "anna".parse().unwrap() }.into()).to_bytes();
    let text = String::from_utf8(bytes.unwrap()).unwrap().replace("{\"operator\":\"anna\"}", "{}");
    assert!(matches!(Envelope::from_bytes(text.as_bytes()), Err(EnvelopeError::Payload { .. })));
}

#[test]
fn the_chain_is_the_hash_of_the_previous_hash_and_the_leaf() {
    let first = chain(&GENESIS, &leaf(b"one"));
    assert_ne!(first, leaf(b"one"));
    assert_ne!(chain(&first, &leaf(b"two")), chain(&GENESIS, &leaf(b"two")));
    // SHA-256 of 32 zero bytes followed by SHA-256("one"), computed with sha256sum.
    let hex: String = first.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "c7e3347570821fed43690c2125ce36b1fb0ca7787ba0f219b8e75ee0fc7b4644");
}
