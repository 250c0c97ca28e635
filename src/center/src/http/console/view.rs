//! What officers see.

use domain::{
    Language,
    queue::{State, Ticket},
};
use maud::{Markup, html};

use super::OnDuty;
use crate::http::{
    Center,
    page::{Page, other_language},
    words::{Words, time_of_day, words},
};

/// What went wrong with the last key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    WrongLogIn,
    TooManyLogIns,
    MovedOn,
}

impl Notice {
    fn says(self, words: &Words) -> &'static str {
        match self {
            Self::WrongLogIn => words.log_in_wrong,
            Self::TooManyLogIns => words.log_in_later,
            Self::MovedOn => words.moved_on,
        }
    }
}

/// The log-in form.
pub fn log_in(center: &Center, language: Language, notice: Option<Notice>) -> Page<'static> {
    let words = words(language);
    let body = html! {
        header.band {
            span.emblem aria-hidden="true" {}
            h1 { (center.config.name.get(language)) }
            (other_language(language))
        }
        main.door {
            form method="post" action="/console/login" {
                h2 { (words.console) }
                @if let Some(notice) = notice { p.notice role="alert" { (notice.says(words)) } }
                label { (words.login_name)
                    input name="login" autocomplete="username" required maxlength="64" autofocus;
                }
                label { (words.password)
                    input name="password" type="password" autocomplete="current-password" required
                        maxlength="128";
                }
                button.primary { (words.log_in) }
            }
        }
    };
    Page { language, title: words.console, kind: "console", script: None, body }
}

/// The console.
pub fn console(
    center: &Center,
    language: Language,
    duty: &OnDuty,
    notice: Option<Notice>,
) -> Page<'static> {
    let words = words(language);
    let counter = &duty.counter;
    let body = html! {
        header.band {
            span.emblem aria-hidden="true" {}
            h1 { (words.counter) " " (counter.number) " · " (counter.name.get(language)) }
            (other_language(language))
            form method="post" action="/console/logout" {
                button.quiet { (words.log_out) " " (duty.officer.login) }
            }
        }
        p.stale #stale role="alert" hidden { (words.console_stale) }
        p.notice #notice role="alert" data-moved-on=(words.moved_on)
            data-nobody=(words.nobody_waits) hidden[notice.is_none()] {
            (notice.map(|notice| notice.says(words)).unwrap_or_default())
        }
        main #live { (live(center, language, duty)) }
        p.said #said role="status" aria-live="polite" {}
    };
    Page { language, title: words.console, kind: "console", script: Some("console.js"), body }
}

/// What changes: the open call, the keys, who waits, who is absent, who needs help.
pub fn live(center: &Center, language: Language, duty: &OnDuty) -> Markup {
    let words = words(language);
    let serves = &duty.counter.fields;
    let (open, waiting, absent) = center.desk.shown.ask(|queue| {
        let open = queue.open_call(duty.counter.number).cloned();
        let waiting: Vec<u32> = serves.iter().map(|field| queue.waiting(field)).collect();
        let absent: Vec<Ticket> = queue.absent(serves).cloned().collect();
        (open, waiting, absent)
    });
    let seen = open.as_ref().map(|ticket| ticket.number.to_string()).unwrap_or_default();
    html! {
        (help(center, words))
        (current(center, language, open.as_ref()))
        (keys(words, &seen))
        section.lines {
            h2 { (words.waiting) }
            ul {
                @for (code, waiting) in serves.iter().zip(&waiting) {
                    @if let Some(field) = center.config.field(code) {
                        li {
                            b.letter { (field.letter) }
                            span.name { (field.name.get(language)) }
                            b.count { (waiting) }
                        }
                    }
                }
            }
        }
        (absentees(words, &absent, &seen))
    }
}

fn current(center: &Center, language: Language, open: Option<&Ticket>) -> Markup {
    let words = words(language);
    html! {
        section.current data-open=[open.map(|ticket| ticket.number)] {
            h2 { (words.called_now) }
            @match open {
                None => p.none { (words.no_open_call) },
                Some(ticket) => {
                    p.number { (ticket.number) }
                    p.field {
                        (center.config.field(&ticket.field).map(|f| f.name.get(language)).unwrap_or_default())
                    }
                    p.detail {
                        (words.announced) ": " b { (ticket.announced) }
                        @if let State::Called { at, .. } = ticket.state {
                            " · " (words.since) " " b { (time_of_day(at)) }
                        }
                    }
                }
            }
        }
    }
}

fn keys(words: &Words, seen: &str) -> Markup {
    let about = |action: &str, key: &str, label: &str| {
        html! {
            form method="post" action={ "/console/" (action) } data-key=(key) {
                input type="hidden" name="ticket" value=(seen);
                button disabled[seen.is_empty()] { (label) kbd { (key) } }
            }
        }
    };
    html! {
        section.keys aria-label=(words.keys) {
            form method="post" action="/console/next" data-key="N" {
                input type="hidden" name="open" value=(seen);
                button.primary { (words.next) span { kbd { (words.space) } " " kbd { "N" } } }
            }
            (about("recall", "R", words.recall))
            (about("absent", "A", words.absent))
            (about("done", "D", words.done))
        }
    }
}

fn absentees(words: &Words, absent: &[Ticket], seen: &str) -> Markup {
    html! {
        section.absent {
            h2 { (words.absent_list) }
            @if absent.is_empty() { p.none { (words.nobody_absent) } }
            ul {
                @for ticket in absent {
                    li {
                        b.ticket { (ticket.number) }
                        @if let State::Absent { at, .. } = ticket.state {
                            span.at { (time_of_day(at)) }
                        }
                        form method="post" action="/console/call-again" {
                            input type="hidden" name="ticket" value=(ticket.number);
                            input type="hidden" name="open" value=(seen);
                            button { (words.call_again) }
                        }
                    }
                }
            }
        }
    }
}

fn help(center: &Center, words: &Words) -> Markup {
    let calls = center.desk.shown.help();
    html! {
        @if !calls.is_empty() {
            section.help role="alert" {
                ul {
                    @for (kiosk, at) in &calls {
                        li {
                            span { (words.help_at) " " b { (kiosk) } " · " (time_of_day(*at)) }
                            form method="post" action="/console/help" {
                                input type="hidden" name="kiosk" value=(kiosk);
                                button { (words.help_coming) }
                            }
                        }
                    }
                }
            }
        }
    }
}
