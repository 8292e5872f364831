//! The administrator's side: enrolling, revoking, looking at the fleet, partitions.
#![cfg(test)]

use dockside::central::provision::{self, Admin};
use dockside::central::wire::Refusal;
use dockside::central::{Central, CentralConfig, CentralError};
use uuid::Uuid;

use crate::postgres::cluster;
use crate::stream::{START_MS, Stream, identified, lost_device};

fn sqlstate(result: Result<Central, CentralError>) -> String {
    match result {
        Ok(_) => panic!("let in"),
        Err(CentralError::Failed { sqlstate, .. }) => sqlstate,
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_password_opens_the_door_and_another_does_not() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    station.connect().await.hello(Uuid::new_v4()).await.unwrap();
    let path = station.config.password_file.clone().unwrap();
    std::fs::write(&path, "wrong").unwrap();
    assert_eq!(sqlstate(Central::connect(&station.config).await), "28P01");
    assert!(dockside::central::retry::is_permanent("28P01"));
}

#[tokio::test]
async fn enrolling_again_makes_the_old_password_worthless() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let bundle =
        provision::enrol(&mut db.admin().await, &station.site, station.number).await.unwrap();
    assert_eq!(bundle.login, station.login);
    assert_eq!(bundle.password.len(), 64);
    assert!(!bundle.url.contains(&bundle.password));
    assert_eq!(sqlstate(Central::connect(&station.config).await), "28P01");
    std::fs::write(station.config.password_file.as_ref().unwrap(), &bundle.password).unwrap();
    station.connect().await.hello(Uuid::new_v4()).await.unwrap();
}

#[tokio::test]
async fn a_revoked_station_is_refused_at_once_even_in_an_open_session() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let mut stream = Stream::of(&station);
    stream.add(lost_device());
    // An administrator who may not end sessions: the functions refuse by themselves.
    let central = station.connect().await;
    db.sql(&format!(
        "update dockside.station set revoked_at = now() where login = '{}'",
        station.login
    ))
    .await;
    let refused = central.ingest(stream.uuid(), &stream.hash_at(0), &stream.batch(0)).await.err();
    assert!(matches!(refused, Some(CentralError::Refused { refusal: Refusal::Revoked, .. })));
    let greeted = station.connect().await.hello(stream.uuid()).await.err();
    assert!(matches!(greeted, Some(CentralError::Refused { refusal: Refusal::Revoked, .. })));

    // One who may: the session ends and no other begins.
    let central = station.connect().await;
    let mut admin = db.admin().await;
    assert!(provision::revoke(&mut admin, &station.site, station.number).await.unwrap());
    assert!(central.hello(stream.uuid()).await.is_err());
    assert_eq!(sqlstate(Central::connect(&station.config).await), "28000");
    assert_eq!(db.count("select count(*) from dockside.event").await, 0);
    let nobody = "nobody".parse().unwrap();
    assert!(!provision::revoke(&mut admin, &nobody, station.number).await.unwrap());
}

#[tokio::test]
async fn a_login_that_was_never_enrolled_is_unknown() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    db.sql(&format!("delete from dockside.station where login = '{}'", station.login)).await;
    let greeted = station.connect().await.hello(Uuid::new_v4()).await.err();
    assert!(matches!(greeted, Some(CentralError::Refused { refusal: Refusal::UnknownLogin, .. })));
}

#[tokio::test]
async fn the_fleet_is_listed_with_what_went_wrong() {
    let db = cluster().fresh_database().await;
    let (lyon, lille) = (db.station("lyon", 3).await, db.station("lille", 7).await);
    for station in [&lille, &lyon] {
        let mut stream = Stream::of(station);
        stream.add(identified("W1", 1));
        stream.add_bytes(b"{}".to_vec());
        let central = station.connect().await;
        let (central, _) = central.hello(stream.uuid()).await.unwrap();
        central.ingest(stream.uuid(), &stream.hash_at(0), &stream.batch(0)).await.unwrap();
    }
    let mut admin = db.admin().await;
    provision::revoke(&mut admin, &lyon.site, lyon.number).await.unwrap();
    let fleet = provision::status(&mut admin).await.unwrap();
    let told: Vec<_> = fleet
        .iter()
        .map(|s| (s.site.as_str(), s.station, s.events, s.quarantined, s.lost_claims))
        .collect();
    assert_eq!(told, [(lille.site.as_str(), 7, 2, 1, 0), (lyon.site.as_str(), 3, 2, 1, 1)]);
    assert!(fleet[0].revoked_at.is_none() && fleet[1].revoked_at.is_some());
    assert!(fleet.iter().all(|s| s.seen_at.is_some_and(|at| at >= s.enrolled_at)));
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    let db = cluster().fresh_database().await;
    let before = db.count("select count(*) from pg_class").await;
    provision::migrate(&mut db.admin().await).await.unwrap();
    assert_eq!(db.count("select count(*) from pg_class").await, before);
}

#[tokio::test]
async fn an_administrator_need_not_be_a_superuser() {
    let db = cluster().fresh_database().await;
    let name = db.name();
    // A database of his own on the same cluster, where the roles are made already.
    db.sql("create role landlord login createrole password 'pear'").await;
    db.sql("grant dockside_owner, dockside_station to landlord with admin option").await;
    db.sql(&format!("create database {name}_own owner landlord template template0")).await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("password");
    std::fs::write(&path, "pear").unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&path, mode).unwrap();
    let url = db.url("landlord").replace(name, &format!("{name}_own"));
    let config = CentralConfig { url, password_file: Some(path) };
    let mut admin = Admin::connect(&config).await.unwrap();
    provision::migrate(&mut admin).await.unwrap();
    let site = format!("tours-{name}").parse().unwrap();
    let number = 1.try_into().unwrap();
    let bundle = provision::enrol(&mut admin, &site, number).await.unwrap();
    assert!(!bundle.url.contains("pear") && bundle.url.contains(&bundle.login));
    assert_eq!(provision::status(&mut admin).await.unwrap().len(), 1);
    assert!(provision::revoke(&mut admin, &site, number).await.unwrap());
}

#[tokio::test]
async fn a_month_without_a_partition_takes_events_all_the_same() {
    let db = cluster().fresh_database().await;
    let station = db.station("lille", 7).await;
    let mut stream = Stream::of(&station);
    stream.add_as(|envelope| envelope.at = START_MS + 3_153_600_000_000); // a century on
    let central = station.connect().await;
    central.ingest(stream.uuid(), &stream.hash_at(0), &stream.batch(0)).await.unwrap();
    assert_eq!(db.count("select count(*) from dockside.event_default").await, 1);
    // That month stays where its events are; its neighbour gets a partition of its own.
    let mut session = db.postgres().await;
    let day = "(select min(day) from dockside.event_default)";
    let made: i32 =
        sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select dockside.make_months({day}, 2)")))
            .fetch_one(&mut session)
            .await
            .unwrap();
    assert_eq!(made, 1);
    assert_eq!(db.count("select count(*) from dockside.event").await, 1);
}
