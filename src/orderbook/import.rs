//! Takes a file of JSON lines into the order book: upsert by key, twice is harmless.
//! Owns: batches and the count of what was taken and refused. Never: the checks (file.rs), the
//! statements (store.rs), where files and reject files are. Start at `OrderBook::import`.
//! Tests: orderbook/tests.rs.

use std::collections::BTreeSet;
use std::io::{BufRead, Write};

use crate::orderbook::entry::Record;
use crate::orderbook::file::UnknownKeys;
use crate::orderbook::file::order::OrderRecord;
use crate::orderbook::file::product::ProductRecord;
use crate::orderbook::file::rma::RmaRecord;
use crate::orderbook::lines::Lines;
use crate::orderbook::store::{Batch, store};
use crate::orderbook::{OrderBook, OrderBookError, schema};

/// Rows a transaction: below a second each, so that the station's look-ups and a second writer
/// never wait long, and large enough that the scattered pages of the indexes are written seldom.
const BATCH_ROWS: usize = 10_000;

/// Bytes of rows a transaction: bounds the memory when rows are long.
const BATCH_BYTES: u64 = 16 * 1024 * 1024;

/// What the rows of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Orders,
    Rmas,
    Products,
}

impl Kind {
    /// The word of the command line and of the reject file's name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::Orders => "orders",
            Kind::Rmas => "rmas",
            Kind::Products => "products",
        }
    }
}

/// What became of a file's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    pub read: u64,
    /// Rows taken: of two rows with one key both count, the later is in force.
    pub stored: u64,
    pub rejected: u64,
    /// Keys no record has, each once.
    pub unknown_keys: BTreeSet<String>,
}

impl OrderBook {
    /// Takes the rows of `reader`. A row that can't be taken goes to `reject` with its line number
    /// and cause, the rest is in. `progress` hears the bytes read, now and then.
    ///
    /// # Errors
    /// The file, the reject file or the order book failed; the batches before stay stored, and
    /// importing the same file again completes it.
    pub async fn import(
        &mut self,
        kind: Kind,
        reader: impl BufRead,
        reject: impl Write,
        progress: impl FnMut(u64),
    ) -> Result<ImportReport, OrderBookError> {
        let mut deferred = match kind {
            Kind::Orders => schema::defer_lookup_indexes(&mut self.connection).await?,
            Kind::Rmas | Kind::Products => false,
        };
        let result = match kind {
            Kind::Orders => {
                self.load::<OrderRecord>(kind, reader, reject, progress, &mut deferred).await
            }
            Kind::Rmas => {
                self.load::<RmaRecord>(kind, reader, reject, progress, &mut deferred).await
            }
            Kind::Products => {
                self.load::<ProductRecord>(kind, reader, reject, progress, &mut deferred).await
            }
        };
        // Also after a failure: the rows that are in must be found.
        if deferred {
            schema::make_lookup_indexes(&mut self.connection).await?;
        }
        result
    }

    async fn load<Rec: Record>(
        &mut self,
        kind: Kind,
        reader: impl BufRead,
        mut reject: impl Write,
        mut progress: impl FnMut(u64),
        deferred: &mut bool,
    ) -> Result<ImportReport, OrderBookError> {
        let mut lines = Lines::new(reader);
        let mut report = ImportReport::default();
        let mut unknown = UnknownKeys::default();
        let (mut batch, mut batch_rows, mut stored_to) = (Batch::new(), 0, 0);
        loop {
            let row = lines.next_row();
            let Some(row) = row.transpose() else { break };
            let taken = match row {
                Ok(row) => row.and_then(|row| Rec::read(row, &mut unknown)),
                Err(source) => {
                    return Err(OrderBookError::Read { line: lines.number(), source });
                }
            };
            report.read += 1;
            match taken {
                Ok(entry) => {
                    batch.insert((entry.client.clone(), entry.key.clone()), entry);
                    batch_rows += 1;
                }
                Err(cause) => {
                    report.rejected += 1;
                    lines.reject(&mut reject, &cause).map_err(|source| OrderBookError::Reject {
                        line: lines.number(),
                        source,
                    })?;
                }
            }
            if batch_rows == BATCH_ROWS || lines.bytes_read() - stored_to >= BATCH_BYTES {
                store::<Rec>(&mut self.connection, kind, &batch, deferred).await?;
                batch.clear();
                (batch_rows, stored_to) = (0, lines.bytes_read());
                progress(stored_to);
            }
        }
        store::<Rec>(&mut self.connection, kind, &batch, deferred).await?;
        progress(lines.bytes_read());
        reject.flush().map_err(|source| OrderBookError::Reject { line: lines.number(), source })?;
        report.stored = report.read - report.rejected;
        report.unknown_keys = unknown.0;
        Ok(report)
    }
}
