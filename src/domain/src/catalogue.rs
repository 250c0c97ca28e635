//! Procedures a citizen can apply for: names, papers, fees, times, forms, with validity dates.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Bilingual, FieldCode, ProcedureCode, form::FormSchema, text::fold};

/// A group of procedures with its own ticket sequence (lĩnh vực).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Code, such as `ho-tich`.
    pub code: FieldCode,
    /// Letter of its ticket numbers, `A` to `Z`, distinct per field.
    pub letter: char,
    /// Its name.
    pub name: Bilingual,
}

/// One procedure (thủ tục) in one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// National code, such as `1.004873`.
    pub code: ProcedureCode,
    /// First day on which this version holds.
    pub valid_from: Date,
    /// Last day on which it holds; open when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// The field it belongs to.
    pub field: FieldCode,
    /// Its name.
    pub name: Bilingual,
    /// Whole-process or partly online.
    pub online: OnlineLevel,
    /// Who decides.
    pub competent: Bilingual,
    /// What it costs.
    pub fee: Fee,
    /// How long it takes.
    pub time: ProcessingTime,
    /// The decree or circular it rests on.
    pub legal_basis: String,
    /// Whether the citizen's digital signature is wanted.
    #[serde(default)]
    pub signature: Signature,
    /// What must be handed in, in order.
    pub papers: Vec<RequiredPaper>,
    /// What must be filled in.
    pub form: FormSchema,
}

/// Levels of online service, Decree 42/2022.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnlineLevel {
    /// *Toàn trình*.
    Whole,
    /// *Một phần*.
    Partial,
}

/// Whether the citizen's digital signature is wanted on the documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signature {
    /// Never asked.
    #[default]
    None,
    /// Offered; a citizen without a token goes on without.
    Offered,
    /// Needed: without a token the dossier cannot be handed in here.
    Required,
}

/// What a procedure costs, in whole dong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", deny_unknown_fields)]
pub enum Fee {
    /// Nothing.
    Free,
    /// The same everywhere.
    Fixed {
        /// Dong.
        vnd: u64,
        /// What it is per, when not per dossier.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        per: Option<Bilingual>,
    },
    /// Told in words: set by the provincial council, or with steps.
    InWords {
        /// The words.
        words: Bilingual,
    },
}

/// How long a procedure takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", deny_unknown_fields)]
pub enum ProcessingTime {
    /// The same day; the next working day when received after 15:00.
    SameDay,
    /// Working days.
    WorkingDays {
        /// How many.
        days: u16,
    },
    /// Calendar days.
    Days {
        /// How many.
        days: u16,
    },
}

/// A paper to hand in (thành phần hồ sơ).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequiredPaper {
    /// Short name within the procedure, `a-z0-9-`: names the document in the package.
    pub id: String,
    /// Its name.
    pub name: Bilingual,
    /// In which kind it is handed in.
    #[serde(default)]
    pub copy: CopyKind,
    /// Whether it must be there.
    #[serde(default)]
    pub need: Need,
    /// What to look out for when scanning it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Bilingual>,
}

/// In which kind a paper is handed in (LoaiBan).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CopyKind {
    /// *Bản chính*.
    #[default]
    Original,
    /// *Bản sao*.
    Copy,
}

/// Whether a paper must be there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", deny_unknown_fields)]
pub enum Need {
    /// Always.
    #[default]
    Always,
    /// Only under a condition, which the citizen judges.
    When {
        /// The condition.
        condition: Bilingual,
    },
}

/// All fields and procedures of a province, in one version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// The fields, in the order of the screen.
    pub fields: Vec<Field>,
    /// The procedures, all versions.
    pub procedures: Vec<Procedure>,
}

impl Catalogue {
    /// The version of a procedure that holds on `day`.
    #[must_use]
    pub fn procedure(&self, code: &ProcedureCode, day: Date) -> Option<&Procedure> {
        self.procedures.iter().find(|p| p.code == *code && p.holds_on(day))
    }

    /// A field by its code.
    #[must_use]
    pub fn field(&self, code: &FieldCode) -> Option<&Field> {
        self.fields.iter().find(|f| f.code == *code)
    }
}

impl Procedure {
    /// Whether this version holds on `day`.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_until.is_none_or(|until| day <= until)
    }
}

/// An index for tone-insensitive search; made once per catalogue and day.
#[derive(Debug, Clone, Default)]
pub struct SearchIndex {
    rows: Vec<(String, usize)>,
}

impl SearchIndex {
    /// Indexes the procedures that hold on `day` by both names, code and field name.
    #[must_use]
    pub fn new(catalogue: &Catalogue, day: Date) -> Self {
        let rows = catalogue
            .procedures
            .iter()
            .enumerate()
            .filter(|(_, procedure)| procedure.holds_on(day))
            .map(|(at, procedure)| {
                let field = catalogue.field(&procedure.field).map(|f| &f.name);
                let (vi, en) = field.map_or(("", ""), |name| (&name.vi, &name.en));
                let words =
                    [&procedure.name.vi, &procedure.name.en, procedure.code.as_str(), vi, en];
                (fold(&words.join(" ")), at)
            })
            .collect();
        Self { rows }
    }

    /// Positions in `catalogue.procedures` of those that contain every word of `query`, best
    /// first: rows where each of them begins a word come before others, and among these comes first
    /// where the query stands further to the front.
    #[must_use]
    pub fn find(&self, query: &str) -> Vec<usize> {
        let query = fold(query);
        let words: Vec<&str> = query.split(' ').filter(|word| !word.is_empty()).collect();
        let mut hits: Vec<(bool, usize, usize)> = self
            .rows
            .iter()
            .filter(|(text, _)| words.iter().all(|word| text.contains(word)))
            .map(|(text, at)| {
                let begins = words.iter().all(|word| text.split(' ').any(|w| w.starts_with(word)));
                (!begins, text.find(&query).unwrap_or(usize::MAX), *at)
            })
            .collect();
        if !words.is_empty() {
            hits.sort_unstable();
        }
        hits.into_iter().map(|(_, _, at)| at).collect()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn procedure(code: &str, vi: &str, en: &str) -> Procedure {
        Procedure {
            code: code.into(),
            valid_from: date(2025, 7, 1),
            valid_until: None,
            field: "ho-tich".into(),
            name: Bilingual::new(vi, en),
            online: OnlineLevel::Whole,
            competent: Bilingual::new("UBND cấp xã", "Commune"),
            fee: Fee::Free,
            time: ProcessingTime::SameDay,
            legal_basis: String::new(),
            signature: Signature::None,
            papers: vec![],
            form: FormSchema::default(),
        }
    }

    fn catalogue() -> Catalogue {
        Catalogue {
            fields: vec![Field {
                code: "ho-tich".into(),
                letter: 'A',
                name: Bilingual::new("Hộ tịch", "Civil status"),
            }],
            procedures: vec![
                procedure("1.000894", "Thủ tục đăng ký kết hôn", "Marriage registration"),
                procedure("1.004873", "Cấp Giấy xác nhận tình trạng hôn nhân", "Marital status"),
                procedure("1.001193", "Thủ tục đăng ký khai sinh", "Birth registration"),
            ],
        }
    }

    #[test]
    fn search_needs_no_tones_and_finds_both_languages_and_codes() {
        let catalogue = catalogue();
        let index = SearchIndex::new(&catalogue, date(2026, 11, 21));
        for (query, expected) in [
            ("ket hon", vec![0]),
            ("Kết HÔN", vec![0]),
            ("hon", vec![0, 1]),
            ("birth", vec![2]),
            ("1.004873", vec![1]),
            ("dang ky", vec![0, 2]),
            ("ho tich", vec![0, 1, 2]),
            ("", vec![0, 1, 2]),
            ("không có", vec![]),
        ] {
            let mut found = index.find(query);
            found.sort_unstable();
            assert_eq!(found, expected, "{query}");
        }
    }

    #[test]
    fn a_procedure_is_found_only_while_its_version_holds() {
        let mut catalogue = catalogue();
        catalogue.procedures[0].valid_until = Some(date(2027, 2, 28));
        let code = "1.000894".into();
        assert!(catalogue.procedure(&code, date(2025, 6, 30)).is_none());
        assert!(catalogue.procedure(&code, date(2027, 2, 28)).is_some());
        assert!(catalogue.procedure(&code, date(2027, 3, 1)).is_none());
    }
}
