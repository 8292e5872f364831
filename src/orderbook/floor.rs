//! The floor that look-ups are measured against: one row by its key, with nothing around it.
//! Tests: orderbook/tests.rs exercise the table; tests/it/measure.rs this query.

use crate::orderbook::{OrderBook, OrderBookError};

impl OrderBook {
    /// Reads the order with that row id as it is stored, and says whether there is one.
    ///
    /// # Errors
    /// [`OrderBookError::Statement`] when SQLite could not.
    pub async fn point_query(&mut self, id: i64) -> Result<bool, OrderBookError> {
        let body: Option<String> =
            sqlx::query_scalar("select body from sale where id = ?1 order by id limit 1")
                .bind(id)
                .fetch_optional(&mut self.connection)
                .await?;
        Ok(body.is_some())
    }
}
