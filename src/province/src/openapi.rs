//! The OpenAPI description, made from the route table and the wire types.

use axum::{http::header, response::IntoResponse};
use serde_json::{Map, Value, json};
use utoipa::PartialSchema;
use wire::{Problem, province as wire_types};

use crate::routes::{ROUTES, Route};

/// `GET /v1/openapi.json`
pub(crate) async fn get() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], openapi())
}

/// The description as JSON text, with a line end.
#[must_use]
pub fn openapi() -> String {
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        if let Value::Object(methods) = path {
            methods.insert(route.method.to_owned(), operation(route));
        }
    }
    let description = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "motcua province",
            "description": "What kiosks ask of a province. Packages are uploaded with tus 1.0.",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later" },
        },
        "paths": paths,
        "components": { "schemas": schemas() },
    });
    let text = serde_json::to_string_pretty(&description);
    text.map(|text| text + "\n").unwrap_or_default()
}

fn operation(route: &Route) -> Value {
    let mut operation = json!({ "summary": route.summary, "responses": answers(route) });
    let in_path = route.path.split('/').filter_map(|part| {
        let name = part.strip_prefix('{')?.strip_suffix('}')?;
        Some(parameter(name, "path"))
    });
    let in_headers = route.headers.iter().map(|name| parameter(name, "header"));
    let parameters: Vec<Value> = in_path.chain(in_headers).collect();
    if let Value::Object(members) = &mut operation {
        if !parameters.is_empty() {
            members.insert("parameters".to_owned(), Value::Array(parameters));
        }
        if let Some(schema) = route.body {
            let content = content("application/json", schema);
            members
                .insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
        }
    }
    operation
}

fn parameter(name: &str, place: &str) -> Value {
    json!({ "name": name, "in": place, "required": true, "schema": { "type": "string" } })
}

fn answers(route: &Route) -> Value {
    let answer = |(status, what, schema): &(u16, &str, Option<&str>)| {
        let kind = if *status < 400 { "application/json" } else { Problem::CONTENT_TYPE };
        let answer = match schema {
            Some(schema) => json!({ "description": what, "content": content(kind, schema) }),
            None => json!({ "description": what }),
        };
        (status.to_string(), answer)
    };
    Value::Object(route.answers.iter().map(answer).collect())
}

fn content(kind: &str, schema: &str) -> Value {
    json!({ kind: { "schema": { "$ref": format!("#/components/schemas/{schema}") } } })
}

fn schemas() -> Value {
    fn of<T: PartialSchema>() -> Value {
        serde_json::to_value(T::schema()).unwrap_or_default()
    }
    json!({
        "Problem": of::<Problem>(),
        "CatalogueEdition": of::<wire_types::CatalogueEdition>(),
        "SignedReceipt": of::<wire_types::SignedReceipt>(),
        "Receipt": of::<wire_types::Receipt>(),
        "DocumentDigest": of::<wire_types::DocumentDigest>(),
        "LookUpRequest": of::<wire_types::LookUpRequest>(),
        "LookUpFactor": of::<wire_types::LookUpFactor>(),
        "DossierReport": of::<wire_types::DossierReport>(),
        "StatusChange": of::<wire_types::StatusChange>(),
        "RatingGiven": of::<wire_types::RatingGiven>(),
    })
}
