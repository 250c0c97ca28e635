//! The documents of eSCL.

/// Resolutions the scanner offers, in dots per inch.
const RESOLUTIONS: [u32; 5] = [75, 150, 200, 300, 600];
/// A4 in the units of eSCL, three hundredths of an inch.
const MAX_WIDTH: u32 = 2480;
const MAX_HEIGHT: u32 = 3508;

const NAMES: &str = r#"xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm" xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03""#;

/// What a client wants of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanSettings {
    /// From the feeder, not from the glass.
    pub from_feeder: bool,
    /// Front and back of each sheet.
    pub both_sides: bool,
    /// Colour, not grey.
    pub color: bool,
    /// Dots per inch.
    pub dpi: u32,
    /// Pixels of the wanted region, across.
    pub width: u32,
    /// Pixels of the wanted region, down.
    pub height: u32,
}

/// A job as the status document tells it.
pub(super) struct JobLine<'a> {
    pub path: &'a str,
    pub pages: usize,
    pub ended: bool,
}

/// The scanner's abilities.
pub(super) fn capabilities() -> String {
    let one = |dpi: &u32| {
        format!(
            "<scan:DiscreteResolution><scan:XResolution>{dpi}</scan:XResolution>\
             <scan:YResolution>{dpi}</scan:YResolution></scan:DiscreteResolution>"
        )
    };
    let resolutions: String = RESOLUTIONS.iter().map(one).collect();
    let source = format!(
        "<scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>{MAX_WIDTH}</scan:MaxWidth>\
         <scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>{MAX_HEIGHT}</scan:MaxHeight>\
         <scan:MaxScanRegions>1</scan:MaxScanRegions>\
         <scan:SettingProfiles><scan:SettingProfile>\
         <scan:ColorModes><scan:ColorMode>Grayscale8</scan:ColorMode>\
         <scan:ColorMode>RGB24</scan:ColorMode></scan:ColorModes>\
         <scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>\
         <scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:DocumentFormats>\
         <scan:SupportedResolutions><scan:DiscreteResolutions>{resolutions}\
         </scan:DiscreteResolutions></scan:SupportedResolutions>\
         </scan:SettingProfile></scan:SettingProfiles>\
         <scan:SupportedIntents><scan:Intent>Document</scan:Intent></scan:SupportedIntents>"
    );
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><scan:ScannerCapabilities {NAMES}>\
         <pwg:Version>2.63</pwg:Version><pwg:MakeAndModel>Simulated feeder scanner\
         </pwg:MakeAndModel><pwg:SerialNumber>0001</pwg:SerialNumber>\
         <scan:UUID>6d6f7463-7561-4000-8000-000000000001</scan:UUID>\
         <scan:Platen><scan:PlatenInputCaps>{source}</scan:PlatenInputCaps></scan:Platen>\
         <scan:Adf><scan:AdfSimplexInputCaps>{source}</scan:AdfSimplexInputCaps>\
         <scan:AdfDuplexInputCaps>{source}</scan:AdfDuplexInputCaps>\
         <scan:FeederCapacity>50</scan:FeederCapacity>\
         <scan:AdfOptions><scan:AdfOption>DetectPaperLoaded</scan:AdfOption>\
         <scan:AdfOption>Duplex</scan:AdfOption></scan:AdfOptions>\
         </scan:Adf></scan:ScannerCapabilities>"
    )
}

/// How the scanner is.
pub(super) fn status<'a>(
    state: &str,
    feeder: &str,
    jobs: impl Iterator<Item = JobLine<'a>>,
) -> String {
    let line = |job: JobLine<'_>| {
        let JobLine { path, pages, ended } = job;
        let state = if ended { "Completed" } else { "Processing" };
        format!(
            "<scan:JobInfo><pwg:JobUri>{path}</pwg:JobUri><scan:Age>1</scan:Age>\
             <pwg:ImagesCompleted>{pages}</pwg:ImagesCompleted>\
             <pwg:JobState>{state}</pwg:JobState></scan:JobInfo>"
        )
    };
    let jobs: String = jobs.map(line).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><scan:ScannerStatus {NAMES}>\
         <pwg:Version>2.63</pwg:Version><pwg:State>{state}</pwg:State>\
         <scan:AdfState>{feeder}</scan:AdfState><scan:Jobs>{jobs}</scan:Jobs>\
         </scan:ScannerStatus>"
    )
}

/// Understands the settings of a job; what a client leaves out is A4, 300 dpi, colour, glass.
#[must_use]
pub fn scan_settings(document: &str) -> ScanSettings {
    let number = |name: &str, usual: u32| {
        element(document, name).and_then(|text| text.parse().ok()).unwrap_or(usual)
    };
    let dpi = number("XResolution", 300).clamp(75, 600);
    let pixels = |units: u32, most: u32| (units.clamp(16, most) * dpi / 300).max(1);
    let from_feeder = element(document, "InputSource") == Some("Feeder");
    ScanSettings {
        from_feeder,
        both_sides: from_feeder && element(document, "Duplex") == Some("true"),
        color: element(document, "ColorMode") != Some("Grayscale8"),
        dpi,
        width: pixels(number("Width", MAX_WIDTH), MAX_WIDTH),
        height: pixels(number("Height", MAX_HEIGHT), MAX_HEIGHT),
    }
}

/// The text of the first element of this local name.
fn element<'a>(document: &'a str, name: &str) -> Option<&'a str> {
    document.split('<').find_map(|piece| {
        let (tag, text) = piece.split_once('>')?;
        let tag = tag.split_whitespace().next()?;
        let local = tag.split_once(':').map_or(tag, |(_, local)| local);
        (local == name).then_some(text.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_found_whatever_the_prefixes() {
        let document = "<scan:ScanSettings><pwg:Width> 2480 </pwg:Width><pwg:Height>3508</pwg:Height>\
            <pwg:InputSource>Feeder</pwg:InputSource><scan:Duplex>true</scan:Duplex><ColorMode>Grayscale8</ColorMode>\
            <scan:XResolution>150</scan:XResolution></scan:ScanSettings>";
        let expected = ScanSettings {
            from_feeder: true,
            both_sides: true,
            color: false,
            dpi: 150,
            width: 1240,
            height: 1754,
        };
        assert_eq!(scan_settings(document), expected);
    }

    #[test]
    fn a_client_that_says_nothing_gets_a_colour_page_from_the_glass() {
        let usual = scan_settings("<ScanSettings/>");
        assert!(usual.color && !usual.from_feeder);
        assert_eq!((usual.width, usual.height, usual.dpi), (2480, 3508, 300));
    }

    proptest::proptest! {
        #[test]
        fn any_document_gives_a_page_the_scanner_can_draw(
            document in "(<[a-zA-Z:/ ]{0,20}>|[0-9]{0,12}|Feeder|<pwg:Width>|<scan:XResolution>){0,20}",
        ) {
            let ScanSettings { dpi, width, height, .. } = scan_settings(&document);
            proptest::prop_assert!((75..=600).contains(&dpi));
            proptest::prop_assert!((1..=4960).contains(&width) && (1..=7016).contains(&height));
        }
    }
}
