"""Validates every signature of a PDF with pyHanko; one JSON line each.

usage: validate_pades.py ROOT.pem FILE.pdf
"""
import json
import sys

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

root, path = sys.argv[1:]
with open(path, "rb") as file:
    for signature in PdfFileReader(file, strict=True).embedded_signatures:
        trust = ValidationContext(trust_roots=[load_cert_from_pemder(root)], allow_fetching=False)
        status = validate_pdf_signature(signature, trust)
        print(
            json.dumps(
                {
                    "signer": status.signing_cert.subject.native["common_name"],
                    "intact": status.intact,
                    "valid": status.valid,
                    "trusted": status.trusted,
                    "bottom_line": status.bottom_line,
                    "coverage": status.coverage.name,
                    "changes": status.modification_level.name,
                    "subfilter": str(signature.sig_object["/SubFilter"]),
                    "attributes": sorted(a["type"].native for a in signature.signer_info["signed_attrs"]),
                },
                ensure_ascii=False,
                sort_keys=True,
            )
        )
