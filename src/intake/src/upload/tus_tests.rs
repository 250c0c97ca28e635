//! Header values of tus 1.0 as servers write them, and as they must not.

use proptest::prelude::*;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::*;

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| {
            (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap())
        })
        .collect()
}

#[test]
fn only_plain_decimal_headers_are_numbers() {
    for (text, expected) in [
        ("0", Some(0)),
        ("18446744073709551615", Some(u64::MAX)),
        ("18446744073709551616", None),
        ("+1", None),
        ("-1", None),
        ("", None),
        ("1 ", None),
        ("0x1", None),
        ("١", None),
    ] {
        assert_eq!(
            number(&headers(&[("upload-offset", text)]), "upload-offset"),
            expected,
            "{text}"
        );
    }
    assert_eq!(number(&HeaderMap::new(), "upload-offset"), None);
    let mut twice = headers(&[("upload-offset", "1")]);
    twice.append("upload-offset", HeaderValue::from_static("2"));
    assert_eq!(number(&twice, "upload-offset"), None);
}

#[test]
fn sha256_is_used_only_where_it_is_offered() {
    for (extension, algorithm, expected) in [
        ("creation,checksum", "sha1,sha256", true),
        ("creation, checksum", "SHA256", true),
        ("creation", "sha256", false),
        ("checksum-trailer", "sha256", false),
        ("checksum", "sha1", false),
        ("", "", false),
    ] {
        let answer =
            headers(&[("tus-extension", extension), ("tus-checksum-algorithm", algorithm)]);
        assert_eq!(Offer::read(&answer).sha256, expected, "{extension} {algorithm}");
    }
}

#[test]
fn metadata_of_the_specification_is_read() {
    let text = "filename d29ybGRfZG9taW5hdGlvbl9wbGFuLnBkZg==,is_confidential";
    let expected = [("filename", "world_domination_plan.pdf"), ("is_confidential", "")];
    let expected = expected.map(|(k, v)| (k.to_owned(), v.to_owned()));
    assert_eq!(read_metadata(text).unwrap(), expected);
    for wrong in ["a YQ==,a Yg==", "a ?", "a /w==", "a YQ"] {
        assert_eq!(read_metadata(wrong), None, "{wrong}");
    }
}

#[test]
fn checksums_of_the_specification_are_read() {
    let checksum = Checksum::read("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=").unwrap();
    assert_eq!((checksum.algorithm.as_str(), checksum.digest.len()), ("sha1", 20));
    for wrong in ["", "sha1", "sha1 ?", " Kq5s", "sha 1 Kq5s", "sha-1 Kq5s"] {
        assert_eq!(Checksum::read(wrong), None, "{wrong}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(values in proptest::collection::vec("\\PC{0,40}", 0..5)) {
        let keys = ["a", "b", "c", "d", "e"];
        let pairs: Vec<_> = keys.into_iter().zip(values.iter().map(String::as_str)).collect();
        let read = read_metadata(&write_metadata(&pairs)).unwrap();
        let read: Vec<_> = read.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        prop_assert_eq!(read, pairs);
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,200}") {
        let _ = (read_metadata(&text), Checksum::read(&text));
        if let Ok(value) = HeaderValue::from_bytes(text.as_bytes()) {
            let mut headers = HeaderMap::new();
            headers.insert("tus-extension", value.clone());
            headers.insert("upload-offset", value);
            let _ = (Offer::read(&headers), number(&headers, "upload-offset"));
        }
    }

    #[test]
    fn a_checksum_survives_the_header(digest in proptest::collection::vec(any::<u8>(), 0..64)) {
        let checksum = Checksum { algorithm: "sha256".into(), digest };
        prop_assert_eq!(Checksum::read(&checksum.to_string()), Some(checksum));
    }
}
