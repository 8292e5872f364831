//! The erasable side table: texts that may name a person. An event carries a reference and a salted
//! hash; here stand salt and text, in a file of its own that forgets.
//! Owns: `private.db`. Never: the journal. Tests: journal/tests.rs.

use std::path::Path;

use dockside_core::domain::event::PrivateRef;
use sha2::{Digest, Sha256};
use sqlx::Connection;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use uuid::Uuid;

use crate::journal::error::JournalError;
use crate::journal::store;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/station/private");

/// A text on its way to the side table.
#[derive(Clone, Debug)]
pub(super) struct PrivateText {
    id: Uuid,
    /// 122 random bits: what makes the hash of a guessed name worthless.
    salt: Uuid,
    text: String,
}

impl PrivateText {
    pub(super) fn new(text: String) -> PrivateText {
        PrivateText { id: Uuid::new_v4(), salt: Uuid::new_v4(), text }
    }

    /// What the event carries.
    pub(super) fn reference(&self) -> PrivateRef {
        let mut hasher = Sha256::new();
        hasher.update(self.salt.as_bytes());
        hasher.update(self.text.as_bytes());
        let hash = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        PrivateRef { id: self.id, hash }
    }
}

/// The open side table.
#[derive(Debug)]
pub(super) struct Private {
    options: SqliteConnectOptions,
    conn: SqliteConnection,
}

impl Private {
    /// Opens the file, made if it is not there. No write-ahead log: what was erased must not live
    /// on in one.
    pub(super) async fn open(path: &Path) -> Result<Private, JournalError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Truncate)
            .synchronous(SqliteSynchronous::Full)
            .pragma("secure_delete", "on");
        let mut conn = store::connect(&options, "truncate").await?;
        MIGRATIONS.run(&mut conn).await?;
        Ok(Private { options, conn })
    }

    /// Writes texts, and returns once the disk has them.
    pub(super) async fn keep(
        &mut self,
        texts: &[PrivateText],
        at_ms: i64,
    ) -> Result<(), JournalError> {
        if texts.is_empty() {
            return Ok(());
        }
        let mut tx = self.conn.begin_with("begin immediate").await?;
        for text in texts {
            sqlx::query(
                "insert into private_text (id, salt, text, created_at) values (?1, ?2, ?3, ?4)",
            )
            .bind(text.id)
            .bind(text.salt)
            .bind(text.text.as_str())
            .bind(at_ms)
            .execute(&mut *tx)
            .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Takes back texts whose events were not stored.
    pub(super) async fn forget(&mut self, texts: &[PrivateText]) -> Result<(), JournalError> {
        if texts.is_empty() {
            return Ok(());
        }
        self.conn = store::connect(&self.options, "truncate").await?;
        for text in texts {
            self.erase(text.id).await?;
        }
        Ok(())
    }

    pub(super) async fn read(&mut self, id: Uuid) -> Result<Option<String>, JournalError> {
        let text = sqlx::query_scalar("select text from private_text where id = ?1").bind(id);
        Ok(text.fetch_optional(&mut self.conn).await?)
    }

    /// Erases a text and its salt. `false` when there was none.
    pub(super) async fn erase(&mut self, id: Uuid) -> Result<bool, JournalError> {
        let gone = sqlx::query("delete from private_text where id = ?1").bind(id);
        Ok(gone.execute(&mut self.conn).await?.rows_affected() > 0)
    }

    pub(super) async fn close(self) -> Result<(), JournalError> {
        Ok(self.conn.close().await?)
    }
}
