//! Erases the personal data of a customer from the order book, so that no byte of it stays.
//! Owns: the statements and the proof that nothing is left in the log. Never: the journal's side
//! table, backups, reject files. Start at `OrderBook::erase_customer`. Tests: orderbook/tests.rs.

use dockside_core::domain::ids::{ClientId, OrderNo};

use crate::orderbook::{OrderBook, OrderBookError};

/// Whose data are erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// By the client's own number of the customer: all his orders.
    Customer(String),
    /// By one order: a guest has no number.
    Order(OrderNo),
}

impl OrderBook {
    /// Erases customer and recipient of the orders meant; the orders themselves stay. Says how many
    /// orders lost theirs. A later import that brings the data again stores them again.
    ///
    /// The file is rewritten whole, which takes some ten seconds for ten million lines: a page that
    /// was split may hold a stale copy that no deletion reaches.
    ///
    /// # Errors
    /// [`OrderBookError::StillRead`] when another connection keeps the write-ahead log from being
    /// emptied: the data are gone from the tables, and calling this again finishes the work.
    pub async fn erase_customer(
        &mut self,
        client: &ClientId,
        whose: &Whose,
    ) -> Result<u64, OrderBookError> {
        let (sql, key) = match whose {
            Whose::Customer(id) => {
                ("delete from customer where client = ?1 and customer_id = ?2", id.as_str())
            }
            Whose::Order(order_no) => (
                "delete from customer where sale in (
                     select id from sale where client = ?1 and order_no = ?2)",
                order_no.as_str(),
            ),
        };
        let done =
            sqlx::query(sql).bind(client.as_str()).bind(key).execute(&mut self.connection).await?;
        let erased = done.rows_affected();
        sqlx::query("vacuum").execute(&mut self.connection).await?;
        let (busy, _, _): (i64, i64, i64) = sqlx::query_as("pragma wal_checkpoint(truncate)")
            .fetch_one(&mut self.connection)
            .await?;
        if busy != 0 {
            return Err(OrderBookError::StillRead { erased });
        }
        Ok(erased)
    }
}
