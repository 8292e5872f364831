//! What the local tables know of a label or an order, and what waits for central. Reads only, on a
//! connection of its own, so that no look-up waits for a commit.
//! Owns: the read statements of the session and of the sync. Never: a write, a decision.
//! Bounds stand in the text of a statement: SQLite plans it again for each bound limit.
//! Tests: journal/tests/lookups.rs.

use std::path::Path;

use dockside_core::domain::event::{Envelope, Hash};
use dockside_core::domain::facts::{Claim, Received};
use dockside_core::domain::ids::{ClientId, OrderNo, SiteId, Tracking};
use dockside_core::domain::replay::{ParcelRow, UnitRow};
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use uuid::Uuid;

use crate::journal::chain::{Fault, Stored, Why};
use crate::journal::error::{Cause, JournalError};
use crate::journal::open::JOURNAL;
use crate::journal::store;

/// What central has not acknowledged yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    pub count: u64,
    /// Time of the oldest of them, milliseconds UTC.
    pub oldest_at: Option<i64>,
}

/// Central's last acknowledgement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Acked {
    pub seq: u64,
    /// Of the central database that gave it; another epoch is another history.
    pub epoch: Option<Uuid>,
}

/// Reads one journal. Works beside a live station, and takes no lock.
#[derive(Debug)]
pub struct Reader {
    conn: SqliteConnection,
}

impl Reader {
    /// Opens the journal in `dir`, which must be there.
    ///
    /// # Errors
    /// The store's.
    pub async fn open(dir: &Path) -> Result<Reader, JournalError> {
        Ok(Reader { conn: store::connect_reading(&dir.join(JOURNAL)).await? })
    }

    /// Units of this station that claim a sold unit of these orders, at most 5,000 of each: a
    /// parcel holds at most 999.
    ///
    /// # Errors
    /// The store's, as of all look-ups.
    pub async fn claims(
        &mut self,
        orders: &[(ClientId, OrderNo)],
    ) -> Result<Vec<Claim>, JournalError> {
        let mut claims = Vec::new();
        for (client, order_no) in orders {
            let rows: Vec<(String, Option<String>)> = sqlx::query_as(
                "select unit.row, parcel.rma from unit join parcel on parcel.id = unit.parcel
             where unit.client = ?1 and unit.order_no = ?2
               and unit.line is not null and unit.n is not null
             order by unit.lpn limit 5000",
            )
            .bind(client.as_str())
            .bind(order_no.as_str())
            .fetch_all(&mut self.conn)
            .await?;
            for (row, rma) in rows {
                let unit: UnitRow = serde_json::from_str(&row)?;
                let Some(sold) = unit.sold() else { continue };
                let rma = rma.map(|rma| rma.parse()).transpose();
                let rma =
                    rma.map_err(|_| Cause::Unreadable(format!("the RMA of {}", unit.parcel)))?;
                let UnitRow { lpn, parcel, identified_at: at, operator, .. } = unit;
                claims.push(Claim { sold, lpn, parcel, rma, at, operator });
            }
        }
        Ok(claims)
    }

    /// Parcels this station has had with that label, newest first, at most 20: carriers use a
    /// number again after some years.
    ///
    /// # Errors
    /// The store's.
    pub async fn received(
        &mut self,
        site: &SiteId,
        label: &str,
    ) -> Result<Vec<Received>, JournalError> {
        let rows: Vec<String> = sqlx::query_scalar(
            "select row from parcel where label = ?1 order by arrived_at desc, id desc limit 20",
        )
        .bind(label)
        .fetch_all(&mut self.conn)
        .await?;
        let received = |row: String| {
            let parcel: ParcelRow = serde_json::from_str(&row)?;
            Ok(Received {
                parcel: parcel.id,
                label: parcel.label,
                opened_at: parcel.arrived_at,
                closed_at: parcel.closed_at,
                operator: parcel.operator,
                site: site.clone(),
                station: parcel.id.station,
            })
        };
        rows.into_iter().map(received).collect()
    }

    /// Those of the parcel numbers under which a closed parcel stands here.
    ///
    /// # Errors
    /// The store's.
    pub async fn closed_trackings(
        &mut self,
        trackings: &[Tracking],
    ) -> Result<Vec<Tracking>, JournalError> {
        let mut closed = Vec::new();
        for tracking in trackings {
            let is_closed: bool = sqlx::query_scalar(
                "select exists (select 1 from parcel where label = ?1 and stage = 'closed')",
            )
            .bind(tracking.as_str())
            .fetch_one(&mut self.conn)
            .await?;
            if is_closed {
                closed.push(tracking.clone());
            }
        }
        Ok(closed)
    }

    /// At most `limit` events after `after_seq`, in order and without a gap.
    ///
    /// # Errors
    /// [`JournalError::Corrupt`] rather than a list that skips one.
    pub async fn events(
        &mut self,
        after_seq: u64,
        limit: u32,
    ) -> Result<Vec<Stored>, JournalError> {
        let rows = store::rows_after(&mut self.conn, store::signed(after_seq), limit).await?;
        let mut events = Vec::with_capacity(rows.len());
        for (row, seq) in rows.iter().zip(after_seq + 1..) {
            let event = store::stored(row, seq)?;
            if event.seq != seq {
                return Err(Fault { seq, why: Why::Gone(store::signed(event.seq)) }.into());
            }
            events.push(event);
        }
        Ok(events)
    }

    /// Central's last acknowledgement.
    ///
    /// # Errors
    /// The store's.
    pub async fn acked(&mut self) -> Result<Acked, JournalError> {
        let (seq, epoch): (i64, Option<Uuid>) =
            sqlx::query_as("select acked_seq, hub_epoch from push where one = 1")
                .fetch_one(&mut self.conn)
                .await?;
        Ok(Acked { seq: store::unsigned(seq), epoch })
    }

    /// What central has not acknowledged yet.
    ///
    /// # Errors
    /// The store's.
    pub async fn waiting(&mut self) -> Result<Waiting, JournalError> {
        let acked = self.acked().await?;
        let last = store::tip(&mut self.conn).await?;
        let oldest = self.events(acked.seq, 1).await?;
        let Some(oldest) = oldest.first() else { return Ok(Waiting::default()) };
        let envelope = Envelope::from_bytes(&oldest.bytes)?;
        Ok(Waiting { count: last.seq.saturating_sub(acked.seq), oldest_at: Some(envelope.at) })
    }

    /// The hash of one event, `None` when it is not here; that of event 0 is what a stream starts
    /// from.
    ///
    /// # Errors
    /// The store's.
    pub async fn hash_at(&mut self, seq: u64) -> Result<Option<Hash>, JournalError> {
        store::hash_at(&mut self.conn, seq).await
    }

    /// Ends the connection.
    ///
    /// # Errors
    /// The store's.
    pub async fn close(self) -> Result<(), JournalError> {
        Ok(self.conn.close().await?)
    }
}
