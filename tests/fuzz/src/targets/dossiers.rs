//! What is handed in and what answers it: packages, receipts, uploads, certificates, PDF files; and
//! the files an operator writes.

use std::{str::FromStr as _, sync::LazyLock};

use documents::{
    pades::{self, SignerCertificate},
    pdf::{PdfDocument, PdfPage},
    trust::{TrustStore, is_signed_by},
};
use domain::{SubmissionId, catalogue::Procedure};
use identity::{
    chip::{ApduLink, LinkError},
    ecard::{self, Profile},
    tlv,
};
use intake::{
    Manifest, OpeningKey, ReceiptSigner, SealedDigest,
    upload::tus::{Checksum, Offer, number, read_metadata},
};
use jiff::Timestamp;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use settings::Layer;
use wire::province::{Receipt, SignedReceipt};

use super::Pieces;

/// A certificate of nobody, valid for a century.
const SIGNER: &[u8] = include_bytes!("signer.der");
/// The answer to reset for which an e-card's profile is tried.
const ATR: &[u8] = &[0x3B, 0x81, 0x80, 0x01, 0x80, 0x80];

/// 2027-06-01 00:00 UTC, when the certificates of the seeds are valid.
fn now() -> Timestamp {
    Timestamp::constant(1_811_808_000, 0)
}

/// The archive in a sealed package: it is sealed here, or nothing would come past the seal.
pub(super) fn package(bytes: &[u8]) {
    static KEY: LazyLock<OpeningKey> = LazyLock::new(OpeningKey::generate);
    let Ok(key) = age::x25519::Recipient::from_str(&KEY.sealing_key().to_string()) else { return };
    let Ok(sealed) = age::encrypt(&key, bytes) else { return };
    let _package = intake::open(sealed.as_slice(), &KEY);
    let _not_sealed = intake::open(bytes, &KEY);
}

pub(super) fn manifest(bytes: &[u8]) {
    if let Ok(manifest) = serde_json::from_slice::<Manifest>(bytes) {
        let _fault = manifest.check();
    }
}

/// A receipt as a province sends it: the words, and around them what is signed.
pub(super) fn receipt(bytes: &[u8]) {
    let signer = ReceiptSigner::from_seed(&[7; 32]);
    let expected = SealedDigest { sha256: String::new(), bytes: 0 };
    let believed = |signed: &SignedReceipt, submission: &SubmissionId| {
        intake::verify(signed, &[signer.key()], &expected, submission, &[])
    };
    if let Ok(signed) = serde_json::from_slice::<SignedReceipt>(bytes) {
        let submission = "0".repeat(32).as_str().into();
        let _refused = believed(&signed, &submission);
    }
    if let Ok(receipt) = serde_json::from_slice::<Receipt>(bytes)
        && let Ok(signed) = signer.sign(&receipt)
    {
        let _believed = believed(&signed, &receipt.submission);
    }
}

/// The headers of an upload, under the names that are read.
pub(super) fn upload_headers(bytes: &[u8]) {
    let names = ["upload-length", "tus-extension", "tus-checksum-algorithm"];
    let mut pieces = Pieces(bytes);
    let mut headers = HeaderMap::new();
    while let (Some(which), Some(value)) = (pieces.byte(), pieces.piece()) {
        let name = names.get(usize::from(which) % names.len()).copied().unwrap_or_default();
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.append(HeaderName::from_static(name), value);
        }
    }
    let _length = number(&headers, "upload-length");
    let _offer = Offer::read(&headers);
    let text = String::from_utf8_lossy(bytes);
    let _checksum = Checksum::read(&text);
    let _metadata = read_metadata(&text);
}

/// A token's certificate, an authority's, one between, and a list of revoked ones.
pub(super) fn certificate(bytes: &[u8]) {
    let mut pieces = Pieces(bytes);
    let mut next = || pieces.piece().map(<[u8]>::to_vec).unwrap_or_default();
    let (certificate, root, between, list) = (next(), next(), next(), next());
    let _signer = SignerCertificate::new(&certificate, std::slice::from_ref(&between));
    let _signed = is_signed_by(&certificate, b"message", &list);
    for lists in [vec![list], vec![]] {
        if let Ok(store) =
            TrustStore::new(std::slice::from_ref(&root), vec![between.clone()], &lists)
        {
            let _judged = store.judge(&certificate, std::slice::from_ref(&between), now());
        }
    }
}

/// A PDF file that is to be signed.
pub(super) fn pdf(bytes: &[u8]) {
    let Ok(signer) = SignerCertificate::new(SIGNER, &[]) else { return };
    if let Ok(prepared) = pades::prepare(bytes, &signer, now()) {
        let _signed = prepared.finish(&[0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]);
    }
}

/// A JPEG file that becomes a page.
pub(super) fn page(bytes: &[u8]) {
    let pages = [PdfPage { jpeg: bytes, dpi: 300 }];
    let _written = documents::pdf::write(&PdfDocument { title: "", created: now(), pages: &pages });
}

pub(super) fn objects(bytes: &[u8]) {
    if let Some((object, rest)) = tlv::read(bytes) {
        let _inner = tlv::objects(object.value).count();
        let _after = tlv::objects(rest).count();
    }
    let _all = tlv::objects(bytes).count();
    let _data = tlv::descend(bytes, &[0x6D, 0x30, 0x30]);
}

/// An e-card whose answers are the pieces behind the first, and the profile of its kind before it.
pub(super) fn e_card(bytes: &[u8]) {
    struct Card<'a>(Pieces<'a>);
    impl ApduLink for Card<'_> {
        fn max_response(&self) -> usize {
            258
        }

        fn transmit(&mut self, _command: &[u8]) -> Result<Vec<u8>, LinkError> {
            self.0.piece().map(<[u8]>::to_vec).ok_or(LinkError::CardLeft)
        }
    }

    let mut pieces = Pieces(bytes);
    let Some(text) = pieces.piece() else { return };
    if let Ok(profile) = Profile::parse(&String::from_utf8_lossy(text)) {
        let _card = ecard::read(&mut Card(pieces), ATR, &profile);
    }
}

/// A file of the catalogue, and a machine's settings.
pub(super) fn settings(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let _procedure = toml::from_str::<Procedure>(text);
    let layers = [Layer::built_in(), Layer { name: String::new(), text: text.to_owned() }];
    let _settings = settings::load::<settings::KioskSettings>(&layers);
    let _explained = settings::explain(&layers);
}
