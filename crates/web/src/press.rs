//! Sheets of paper as answers: set on a thread that may take its time, a few at once, under a name that tells nothing.

use crate::error::PageError;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// How many sheets are set at once: each takes a core for as long as it lasts.
const AT_ONCE: usize = 2;

/// Where sheets wait their turn.
#[derive(Debug)]
pub struct Press(Arc<Semaphore>);

impl Default for Press {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Press {
    /// Sets a sheet. Whoever goes away while waiting loses the place; what is being set is set to the end.
    ///
    /// # Errors
    /// Where the sheet cannot be set.
    pub async fn set(
        &self,
        sheet: impl FnOnce() -> Result<Vec<u8>, paper::Failure> + Send + 'static,
    ) -> Result<Vec<u8>, PageError> {
        Ok(self.turn(sheet).await??)
    }

    /// Does other work of that weight, in its turn.
    ///
    /// # Errors
    /// Where the press is closed, or the work panics.
    pub async fn turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, PageError> {
        let broken = |what| PageError::Broken(store::Error::Bug(what));
        let turn = Arc::clone(&self.0).acquire_owned().await.map_err(|_| broken("the press is closed"))?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(|_| broken("the press stopped"))
    }
}

/// A PDF that the browser shows. Its name says nothing of whom it is about (FACTS, law and norms).
pub fn shown(pdf: Vec<u8>, name: &str) -> Response {
    let disposition = format!("inline; filename=\"{name}.pdf\"");
    ([(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, disposition)], pdf)
        .into_response()
}
