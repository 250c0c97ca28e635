"""What an eSCL scanner says of itself, for escl_scanner.py."""

NAMES = (
    'xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
    ' xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03"'
)
RESOLUTIONS = (75, 150, 200, 300, 600)
# A4 in the units of eSCL, three hundredths of an inch.
WIDTH, HEIGHT = 2480, 3508


def element(name: str, *inside: object) -> str:
    return f"<{name}>{''.join(map(str, inside))}</{name}>"


def document(name: str, *inside: str) -> bytes:
    body = "".join(inside)
    return f'<?xml version="1.0" encoding="UTF-8"?><{name} {NAMES}>{body}</{name}>'.encode()


def input_caps(name: str) -> str:
    resolutions = (
        element(
            "scan:DiscreteResolution",
            element("scan:XResolution", dpi),
            element("scan:YResolution", dpi),
        )
        for dpi in RESOLUTIONS
    )
    profile = element(
        "scan:SettingProfile",
        element(
            "scan:ColorModes",
            element("scan:ColorMode", "Grayscale8"),
            element("scan:ColorMode", "RGB24"),
        ),
        element(
            "scan:DocumentFormats",
            element("pwg:DocumentFormat", "image/jpeg"),
            element("scan:DocumentFormatExt", "image/jpeg"),
        ),
        element("scan:SupportedResolutions", element("scan:DiscreteResolutions", *resolutions)),
    )
    return element(
        name,
        element("scan:MinWidth", 16),
        element("scan:MaxWidth", WIDTH),
        element("scan:MinHeight", 16),
        element("scan:MaxHeight", HEIGHT),
        element("scan:MaxScanRegions", 1),
        element("scan:SettingProfiles", profile),
        element("scan:SupportedIntents", element("scan:Intent", "Document")),
    )


def capabilities() -> bytes:
    return document(
        "scan:ScannerCapabilities",
        element("pwg:Version", "2.63"),
        element("pwg:MakeAndModel", "Rig duplex scanner"),
        element("pwg:SerialNumber", "0002"),
        element("scan:UUID", "6d6f7463-7561-4000-8000-000000000002"),
        element("scan:Platen", input_caps("scan:PlatenInputCaps")),
        element(
            "scan:Adf",
            input_caps("scan:AdfSimplexInputCaps"),
            input_caps("scan:AdfDuplexInputCaps"),
            element("scan:FeederCapacity", 50),
            element(
                "scan:AdfOptions",
                element("scan:AdfOption", "DetectPaperLoaded"),
                element("scan:AdfOption", "Duplex"),
            ),
        ),
    )
