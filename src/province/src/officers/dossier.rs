//! One dossier: who, what, which papers, and the next step.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{Bilingual, Language, catalogue::Procedure, dossier::Status, form::show_date};
use intake::{DocumentEntry, Manifest};
use journal::Event;
use maud::{Markup, html};

use super::{
    answers, layout,
    session::Signed,
    words::{self, Words},
};
use crate::{
    Province,
    clock::{from_millis, show},
    failure::Failure,
    store::{DossierRow, StatusRow},
};

/// How much of the personal number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Digits {
    Masked,
    All,
}

/// `GET /dossiers/{code}`
pub(super) async fn page(
    State(province): State<Arc<Province>>,
    officer: Signed,
    Path(code): Path<String>,
) -> Result<Response, Failure> {
    render(&province, &officer, &code, Digits::Masked, StatusCode::OK, None).await
}

/// The page of a dossier, perhaps with a sentence above it. Showing it is written down first.
pub(super) async fn render(
    province: &Arc<Province>,
    officer: &Signed,
    code: &str,
    digits: Digits,
    status: StatusCode,
    notice: Option<Words>,
) -> Result<Response, Failure> {
    let Some(dossier) = province.store.dossier(code).await? else {
        return Ok(layout::sentence(
            province,
            officer.language,
            Some(officer),
            StatusCode::NOT_FOUND,
            words::NOT_FOUND,
        ));
    };
    let manifest = dossier.manifest().ok_or(Failure::Storage)?;
    let what = match digits {
        Digits::Masked => "dossier",
        Digits::All => "personal-number",
    };
    saw(province, officer, code, what).await?;
    let history = province.store.history(code).await?;
    let procedure = province.catalogue.procedure(&province.store, &manifest.procedure).await?;
    let language = officer.language;
    let name = Bilingual::new(dossier.procedure_vi.as_str(), dossier.procedure_en.as_str());
    let main = html! {
        p.back { a href="/dossiers" { "← " (words::BACK.say(language)) } }
        @if let Some(notice) = notice {
            p.notice role="alert" { (notice.say(language)) }
        }
        div.title {
            h1 { (dossier.code) }
            (layout::badge(dossier.status(), language))
        }
        p.lead { (name.get(language)) " · " (dossier.procedure) }
        div.columns {
            div {
                (applicant(&manifest, officer, &dossier, digits))
                (documents(&manifest, &dossier.code, procedure.as_ref(), language))
                (form_answers(&manifest, procedure.as_ref(), language))
            }
            div {
                (next_steps(&dossier, officer))
                (past(&history, province, language))
                (facts(&dossier, &manifest, language))
            }
        }
    };
    let here = format!("/dossiers/{}", dossier.code);
    let page = layout::page(province, language, Some(officer), &here, &dossier.code, &main);
    Ok((status, page).into_response())
}

/// Writes down who looked at what.
pub(super) async fn saw(
    province: &Province,
    officer: &Signed,
    code: &str,
    what: &str,
) -> Result<(), Failure> {
    province.store.saw(&officer.account, code, what, province.clock.now()).await?;
    journal::record!(
        Event::OfficerSawPersonalData,
        officer = officer.account,
        dossier = code,
        what
    );
    Ok(())
}

fn applicant(
    manifest: &Manifest,
    officer: &Signed,
    dossier: &DossierRow,
    digits: Digits,
) -> Markup {
    let (who, language) = (&manifest.applicant, officer.language);
    let row = |label: Words, value: &str| html! { dt { (label.say(language)) } dd { (value) } };
    html! {
        section.card {
            h2 { (words::APPLICANT.say(language)) }
            dl {
                (row(words::NAME, &who.name))
                dt { (words::PERSONAL_NUMBER.say(language)) }
                dd.number {
                    @match digits {
                        Digits::All => span { (who.personal_number.digits()) },
                        Digits::Masked => {
                            span { (who.personal_number.masked()) }
                            form method="post"
                                action={ "/dossiers/" (dossier.code) "/personal-number" } {
                                input type="hidden" name="csrf" value=(officer.csrf);
                                button.small title=(words::SHOW_IS_LOGGED.say(language)) {
                                    (words::SHOW.say(language))
                                }
                            }
                        }
                    }
                }
                @if let Some(day) = who.birth_date { (row(words::BIRTH_DATE, &show_date(day))) }
                @if let Some(sex) = who.sex { (row(words::SEX, words::sex(sex).say(language))) }
                @if let Some(place) = &who.residence { (row(words::RESIDENCE, place)) }
                @if let Some(day) = who.issue_date { (row(words::ISSUE_DATE, &show_date(day))) }
                (row(words::EVIDENCE, words::evidence(who.evidence).say(language)))
            }
        }
    }
}

fn documents(
    manifest: &Manifest,
    code: &str,
    procedure: Option<&Procedure>,
    language: Language,
) -> Markup {
    let name = |document: &DocumentEntry| {
        let name = answers::paper(procedure, &document.paper).map(|name| name.get(language));
        name.unwrap_or(&document.name).to_owned()
    };
    html! {
        section.card {
            h2 { (words::DOCUMENTS.say(language)) }
            @if manifest.documents.is_empty() {
                p.empty { (words::NO_DOCUMENTS.say(language)) }
            }
            ul.documents {
                @for document in &manifest.documents {
                    li {
                        div {
                            strong { (name(document)) }
                            small {
                                (document.pages) " " (pages(document.pages).say(language)) " · "
                                (size(document.bytes, language)) " · "
                                @if document.signed { (words::SIGNED.say(language)) }
                                @else { (words::NOT_SIGNED.say(language)) }
                            }
                        }
                        a.button href={ "/dossiers/" (code) "/documents/" (document.name) }
                            target="_blank" rel="noopener" { (words::OPEN.say(language)) }
                    }
                }
            }
        }
    }
}

fn pages(count: u32) -> Words {
    if count == 1 { words::PAGE } else { words::PAGES }
}

fn size(bytes: u64, language: Language) -> String {
    let point = match language {
        Language::Vi => ',',
        Language::En => '.',
    };
    if bytes < 1_000_000 {
        format!("{} kB", bytes.div_ceil(1000))
    } else {
        format!("{}{point}{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
    }
}

fn form_answers(manifest: &Manifest, procedure: Option<&Procedure>, language: Language) -> Markup {
    let groups = answers::groups(manifest, procedure, language);
    html! {
        @if !groups.is_empty() {
            section.card {
                h2 { (words::ANSWERS.say(language)) }
                @for group in &groups {
                    @if !group.title.is_empty() { h3 { (group.title) } }
                    dl {
                        @for answer in &group.answers {
                            dt { (answer.label) }
                            dd { (answer.value) }
                        }
                    }
                }
            }
        }
    }
}

/// The steps an officer takes here, with the words on their buttons.
pub(super) const STEPS: [(Status, Words); 5] = [
    (Status::Accepted, words::ACCEPT),
    (Status::Refused, words::REFUSE),
    (Status::InProgress, words::BEGIN),
    (Status::Finished, words::FINISH),
    (Status::ResultGiven, words::GIVE_RESULT),
];

fn next_steps(dossier: &DossierRow, officer: &Signed) -> Markup {
    let language = officer.language;
    let now = dossier.status();
    let steps: Vec<_> = STEPS.iter().filter(|(to, _)| now.may_become(*to)).collect();
    let action = format!("/dossiers/{}/status", dossier.code);
    let hidden = |to: Status| {
        html! {
            input type="hidden" name="csrf" value=(officer.csrf);
            input type="hidden" name="to" value=(to.number());
        }
    };
    html! {
        section.card {
            h2 { (words::NEXT_STEP.say(language)) }
            @if let Some(reason) = &dossier.reason {
                p.reason { strong { (words::REASON.say(language)) ": " } (reason) }
            }
            @if steps.is_empty() { p.empty { (words::NO_NEXT_STEP.say(language)) } }
            @for (to, label) in steps {
                @if *to == Status::Refused {
                    details {
                        summary { (label.say(language)) }
                        form method="post" action=(action) {
                            (hidden(*to))
                            label {
                                (words::REASON.say(language))
                                textarea name="reason" rows="4" maxlength="1000" required {}
                                small { (words::REASON_HINT.say(language)) }
                            }
                            button.danger { (words::CONFIRM_REFUSE.say(language)) }
                        }
                    }
                } @else {
                    form method="post" action=(action) {
                        (hidden(*to))
                        button.main { (label.say(language)) }
                    }
                }
            }
        }
    }
}

fn past(history: &[StatusRow], province: &Province, language: Language) -> Markup {
    let who = |account: &str| {
        let officer = province.config.officers.iter().find(|o| o.account == account);
        officer.map_or(account.to_owned(), |officer| officer.name.clone())
    };
    html! {
        section.card {
            h2 { (words::HISTORY.say(language)) }
            ol.history {
                @for row in history.iter().rev() {
                    li {
                        (layout::badge(row.status(), language))
                        small {
                            (show(row.at())) " · "
                            @match &row.officer {
                                Some(account) => (who(account)),
                                None => (words::BY_KIOSK.say(language)),
                            }
                        }
                        @if let Some(reason) = &row.reason { p { (reason) } }
                    }
                }
            }
        }
    }
}

fn facts(dossier: &DossierRow, manifest: &Manifest, language: Language) -> Markup {
    let row = |label: Words, value: &str| html! { dt { (label.say(language)) } dd { (value) } };
    html! {
        section.card.facts {
            dl {
                (row(words::RECEIVED_AT, &show(from_millis(dossier.received_at))))
                (row(words::SUBMITTED_AT, &show(manifest.submitted_at)))
                (row(words::KIOSK, manifest.kiosk.as_str()))
                (row(words::SUBMISSION, &dossier.submission))
            }
        }
    }
}
