//! The XMP packet that declares the file as PDF/A-2b (ISO 19005-2, 6.6).

use std::fmt::Write as _;

use jiff::civil::DateTime;

/// The packet's fixed id, part of the XMP specification.
const PACKET_ID: &str = "W5M0MpCehiHzreSzNTczkc9d";

/// Declared where they are used: PDFBox's reader does not look further up.
const PREFIXES: [(&str, &str); 4] = [
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("xmp", "http://ns.adobe.com/xap/1.0/"),
    ("pdf", "http://ns.adobe.com/pdf/1.3/"),
    ("pdfaid", "http://www.aiim.org/pdfa/ns/id/"),
];

/// Writes the packet; `created` is local time at +07:00.
pub(super) fn packet(title: &str, producer: &str, created: DateTime) -> String {
    let title = escape(title);
    let producer = escape(producer);
    let date = created.strftime("%Y-%m-%dT%H:%M:%S+07:00");
    let namespaces = PREFIXES.iter().fold(String::new(), |mut all, (prefix, uri)| {
        // Writing to a String cannot fail.
        let _ = write!(all, " xmlns:{prefix}=\"{uri}\"");
        all
    });
    format!(
        "<?xpacket begin=\"\u{FEFF}\" id=\"{PACKET_ID}\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
         <rdf:Description rdf:about=\"\"{namespaces}>\n\
         <dc:format>application/pdf</dc:format>\n\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\n\
         <xmp:CreateDate>{date}</xmp:CreateDate>\n\
         <xmp:ModifyDate>{date}</xmp:ModifyDate>\n\
         <pdf:Producer>{producer}</pdf:Producer>\n\
         <pdfaid:part>2</pdfaid:part>\n\
         <pdfaid:conformance>B</pdfaid:conformance>\n\
         </rdf:Description>\n\
         </rdf:RDF>\n\
         </x:xmpmeta>\n\
         <?xpacket end=\"r\"?>"
    )
}

/// Text as XML content.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_title_stays_text() {
        let packet = packet("A & B < C > D", "p", jiff::civil::date(2026, 11, 21).at(9, 5, 0, 0));
        assert!(packet.contains("A &amp; B &lt; C &gt; D</rdf:li>"));
        assert!(packet.contains("<xmp:CreateDate>2026-11-21T09:05:00+07:00<"));
    }
}
