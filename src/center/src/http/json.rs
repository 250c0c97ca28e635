//! A JSON body, or the trouble with it.

use axum::{
    Json,
    extract::{FromRequest, Request},
};
use serde::de::DeserializeOwned;

use super::problem::Trouble;

/// A message of the wire.
pub struct Message<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Message<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        let taken = Json::<T>::from_request(request, state).await;
        taken
            .map(|Json(message)| Self(message))
            .map_err(|rejection| Trouble::of_body(rejection.status()))
    }
}
