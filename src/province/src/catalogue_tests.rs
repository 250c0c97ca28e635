//! The catalogue that is shipped: what a citizen is told about each procedure must be there.

use std::{collections::BTreeSet, path::Path};

use domain::{ProcedureCode, catalogue::Catalogue, text::nfc};
use serde_json::Value;

use super::read;

/// The procedures asked for most at a commune's counter, those of the criminal-record certificate
/// under their two codes.
const CODES: [&str; 19] = [
    "1.000656", "1.000894", "1.001193", "1.001612", "1.001613", "1.001699", "1.002759", "1.004194",
    "1.004222", "1.004873", "1.012783", "1.013831", "2.000635", "2.000815", "2.000884", "2.000908",
    "3.000333", "3.000334", "3.000347",
];
/// Those whose form asks everything that the paper form asks, with the fewest questions it may have.
const WHOLE_FORMS: [(&str, usize); 2] = [("1.001612", 25), ("1.004873", 23)];

fn shipped() -> Catalogue {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/catalogue")).unwrap()
}

#[test]
fn every_procedure_is_there_with_its_papers_and_its_form() {
    let catalogue = shipped();
    let codes: BTreeSet<&str> = catalogue.procedures.iter().map(|p| p.code.as_str()).collect();
    assert_eq!(codes, BTreeSet::from(CODES));
    for procedure in &catalogue.procedures {
        let code = &procedure.code;
        assert!(!procedure.papers.is_empty(), "{code} wants no paper");
        assert!(!procedure.legal_basis.trim().is_empty(), "{code} rests on no law");
        let questions: Vec<&str> = procedure
            .form
            .sections
            .iter()
            .flat_map(|section| &section.questions)
            .map(|question| question.id.as_str())
            .collect();
        assert!(!questions.is_empty(), "{code} asks nothing");
        let ids: BTreeSet<&str> = questions.iter().copied().collect();
        assert_eq!(ids.len(), questions.len(), "{code} asks something twice: {questions:?}");
        let papers: BTreeSet<&str> =
            procedure.papers.iter().map(|paper| paper.id.as_str()).collect();
        assert_eq!(papers.len(), procedure.papers.len(), "{code} wants a paper twice: {papers:?}");
    }
}

#[test]
fn two_forms_ask_everything() {
    let catalogue = shipped();
    for (code, fewest) in WHOLE_FORMS {
        let code = ProcedureCode::from(code);
        let procedure = catalogue.procedures.iter().find(|p| p.code == code).unwrap();
        let asked: usize = procedure.form.sections.iter().map(|s| s.questions.len()).sum();
        assert!(asked >= fewest, "{code} asks only {asked} questions");
    }
}

#[test]
fn every_word_is_there_in_both_languages() {
    let mut pairs = 0;
    walk(&serde_json::to_value(shipped()).unwrap(), "catalogue", &mut |place, vi, en| {
        pairs += 1;
        for (language, words) in [("vi", vi), ("en", en)] {
            assert!(!words.trim().is_empty(), "{place}: no words in {language}");
            assert_eq!(nfc(words), words, "{place}: not NFC");
        }
    });
    assert!(pairs > 400, "only {pairs} pairs were looked at");
}

/// Shows each pair of words below `value` with where it stands.
fn walk(value: &Value, place: &str, show: &mut impl FnMut(&str, &str, &str)) {
    match value {
        Value::Object(members) => {
            if let (Some(vi), Some(en)) = (members.get("vi"), members.get("en")) {
                show(place, vi.as_str().unwrap(), en.as_str().unwrap());
                return;
            }
            for (name, member) in members {
                let here =
                    members.get("code").or_else(|| members.get("id")).and_then(Value::as_str);
                walk(member, &format!("{place}/{}.{name}", here.unwrap_or("")), show);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, place, show)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
