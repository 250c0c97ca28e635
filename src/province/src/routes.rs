//! Every path of the kiosks' interface, once: the router and the OpenAPI description are both
//! made from this table.

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{MethodRouter, delete, get, head, options, patch, post},
};

use crate::{
    Province, catalogue, failure::Failure, health, look_ups, officers, openapi, submissions,
    uploads::http as tus,
};

/// Most bytes of a JSON body.
const JSON_MOST: usize = 64 << 10;

/// One way to ask something.
pub(crate) struct Route {
    /// Method, lower case, as OpenAPI writes it.
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) summary: &'static str,
    /// Schema of the JSON body.
    pub(crate) body: Option<&'static str>,
    /// Headers that must be there.
    pub(crate) headers: &'static [&'static str],
    /// Status, what it means, and the schema of its JSON body.
    pub(crate) answers: &'static [(u16, &'static str, Option<&'static str>)],
    handler: fn() -> MethodRouter<Arc<Province>>,
}

const PROBLEM: Option<&str> = Some("Problem");
const UPLOADS: &str = "/v1/uploads";
const UPLOAD: &str = "/v1/uploads/{upload}";
const TUS: &[&str] = &["Tus-Resumable"];

/// The table.
pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "get",
        path: "/v1/catalogue",
        summary: "The catalogue in force; send If-None-Match to be told that nothing changed",
        body: None,
        headers: &[],
        answers: &[
            (200, "The catalogue", Some("CatalogueEdition")),
            (304, "Nothing changed", None),
        ],
        handler: || get(catalogue::get),
    },
    Route {
        method: "options",
        path: UPLOADS,
        summary: "What this tus 1.0 server offers",
        body: None,
        headers: &[],
        answers: &[(204, "Extensions, checksum algorithms and largest size in headers", None)],
        handler: || options(tus::offer),
    },
    Route {
        method: "post",
        path: UPLOADS,
        summary: "Announces a sealed package; Upload-Metadata names submission, kiosk and sha256",
        body: None,
        headers: &["Tus-Resumable", "Upload-Length", "Upload-Metadata"],
        answers: &[
            (201, "Where to send it, in Location", None),
            (400, "A header is missing or wrong", PROBLEM),
            (409, "Another package was received under this submission", PROBLEM),
            (412, "Another version of tus", PROBLEM),
            (413, "Larger than allowed", PROBLEM),
            (429, "Too many unfinished uploads", PROBLEM),
        ],
        handler: || post(tus::create),
    },
    Route {
        method: "head",
        path: UPLOAD,
        summary: "How far an upload came",
        body: None,
        headers: TUS,
        answers: &[
            (200, "Upload-Offset and Upload-Length", None),
            (404, "Not here (any more)", None),
        ],
        handler: || head(tus::head),
    },
    Route {
        method: "patch",
        path: UPLOAD,
        summary: "The next bytes, with a checksum where wanted",
        body: None,
        headers: &["Tus-Resumable", "Upload-Offset", "Content-Type"],
        answers: &[
            (204, "They are here", None),
            (404, "Not here (any more)", PROBLEM),
            (409, "Another offset: ask for it", PROBLEM),
            (413, "Larger than announced", PROBLEM),
            (415, "Content-Type is not application/offset+octet-stream", PROBLEM),
            (423, "Another request is writing", PROBLEM),
            (460, "The checksum is wrong: nothing was kept", PROBLEM),
            (503, "Storage failed", PROBLEM),
        ],
        handler: || patch(tus::patch),
    },
    Route {
        method: "delete",
        path: UPLOAD,
        summary: "Gives an upload up",
        body: None,
        headers: TUS,
        answers: &[
            (204, "Gone", None),
            (404, "Not here (any more)", PROBLEM),
            (423, "It is being written or verified", PROBLEM),
        ],
        handler: || delete(tus::terminate),
    },
    Route {
        method: "post",
        path: UPLOAD,
        summary: "PATCH or DELETE for clients that know neither",
        body: None,
        headers: &["Tus-Resumable", "X-HTTP-Method-Override"],
        answers: &[(204, "Done", None), (400, "Neither PATCH nor DELETE", PROBLEM)],
        handler: || post(tus::override_method),
    },
    Route {
        method: "options",
        path: UPLOAD,
        summary: "What this tus 1.0 server offers",
        body: None,
        headers: &[],
        answers: &[(204, "Extensions, checksum algorithms and largest size in headers", None)],
        handler: || options(tus::offer),
    },
    Route {
        method: "get",
        path: "/v1/submissions/{submission}/receipt",
        summary: "The signed word that the province holds a dossier",
        body: None,
        headers: &[],
        answers: &[
            (200, "The receipt", Some("SignedReceipt")),
            (202, "The package is here and not verified yet", None),
            (404, "Nothing is known of it: send it", PROBLEM),
            (422, "The package will not be taken", PROBLEM),
        ],
        handler: || get(submissions::receipt),
    },
    Route {
        method: "post",
        path: "/v1/look-ups",
        summary: "How a dossier stands, for its code and a second factor",
        body: Some("LookUpRequest"),
        headers: &[],
        answers: &[
            (200, "How it stands", Some("DossierReport")),
            (404, "Code or factor are wrong, which is not told", PROBLEM),
            (429, "Too many wrong attempts for this code", PROBLEM),
        ],
        handler: || post(look_ups::look_up),
    },
    Route {
        method: "post",
        path: "/v1/ratings",
        summary: "A rating; the same request counts once",
        body: Some("RatingGiven"),
        headers: &[],
        answers: &[(204, "Counted", None), (400, "Not a rating", PROBLEM)],
        handler: || post(look_ups::rate),
    },
    Route {
        method: "get",
        path: "/v1/health",
        summary: "Whether database and catalogue are there",
        body: None,
        headers: &[],
        answers: &[(200, "All is well", None), (503, "Storage failed", PROBLEM)],
        handler: || get(health::get),
    },
    Route {
        method: "get",
        path: "/v1/openapi.json",
        summary: "This description",
        body: None,
        headers: &[],
        answers: &[(200, "OpenAPI 3.1", None)],
        handler: || get(openapi::get),
    },
];

/// The whole application.
pub(crate) fn router(province: Arc<Province>) -> Router {
    let mut router = officers::router(&province).layer(DefaultBodyLimit::max(JSON_MOST));
    for route in ROUTES {
        let limit = match route.path {
            UPLOADS | UPLOAD => DefaultBodyLimit::disable(),
            _ => DefaultBodyLimit::max(JSON_MOST),
        };
        router = router.route(route.path, (route.handler)().layer(limit));
    }
    router
        .method_not_allowed_fallback(async || Failure::Method)
        .fallback(async || Failure::NotFound)
        .with_state(province)
}
