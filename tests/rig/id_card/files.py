"""The files of a card, made for one person."""

import io
import random

from asn1crypto.core import ObjectIdentifier
from PIL import Image, ImageDraw, ImageFilter

from . import tlv
from .persons import Person

CARD_ACCESS, COM, SOD = 0x011C, 0x011E, 0x011D
DG1, DG2, DG13, DG14, DG15 = 0x0101, 0x0102, 0x010D, 0x010E, 0x010F
TAGS = {DG1: 0x61, DG2: 0x75, DG13: 0x6D, DG14: 0x6E, DG15: 0x6F, SOD: 0x77, COM: 0x60}

TERMINAL_AUTHENTICATION = "0.4.0.127.0.7.2.2.2"
CHIP_AUTHENTICATION_ECDH = "0.4.0.127.0.7.2.2.3.2"
CHIP_KEY_ECDH = "0.4.0.127.0.7.2.2.1.2"
PACE_ECDH_GM = "0.4.0.127.0.7.2.2.4.2"
ACTIVE_AUTHENTICATION = "2.23.136.1.1.5"
ECDSA_PLAIN_SHA256 = "0.4.0.127.0.7.1.1.4.1.3"


def oid(dotted: str) -> bytes:
    return ObjectIdentifier(dotted).dump()


def integer(number: int) -> bytes:
    return tlv.pack(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def card_access(suite_number: int, parameter_id: int) -> bytes:
    """As real cards have it: terminal authentication, chip authentication, PACE."""
    pace = tlv.pack(
        0x30, oid(f"{PACE_ECDH_GM}.{suite_number}"), integer(2), integer(parameter_id)
    )
    return tlv.pack(
        0x31,
        tlv.pack(0x30, oid(TERMINAL_AUTHENTICATION), integer(1)),
        tlv.pack(0x30, oid(f"{CHIP_AUTHENTICATION_ECDH}.2"), integer(1)),
        pace,
    )


def com(groups: list[int]) -> bytes:
    tags = bytes(TAGS[group] for group in groups)
    # Real cards list the fingerprints, which they give to nobody here.
    tags = tags.replace(b"\x75", b"\x75\x63")
    return tlv.pack(
        0x60, tlv.pack(0x5F01, b"0107"), tlv.pack(0x5F36, b"040000"), tlv.pack(0x5C, tags)
    )


def dg1(person: Person) -> bytes:
    return tlv.pack(0x61, tlv.pack(0x5F1F, person.lines.encode()))


def dg2(octets: int, picture: str) -> bytes:
    """A face in the frames of ISO/IEC 19794-5 inside CBEFF (ICAO 9303-10, 4.7.2)."""
    image = face(octets, picture)
    width, height = (240, 320)
    information = b"".join(
        (
            (20 + 12 + len(image)).to_bytes(4, "big"),
            bytes(16),  # number of feature points, sex, eyes, hair, properties, expression, pose
        )
    )
    kind = 1 if picture == "jp2" else 0
    details = bytes([1, kind]) + width.to_bytes(2, "big") + height.to_bytes(2, "big") + bytes(6)
    record = information + details + image
    header = b"FAC\x00010\x00" + (14 + len(record)).to_bytes(4, "big") + (1).to_bytes(2, "big")
    template = tlv.pack(
        0x7F60,
        tlv.pack(0xA1, tlv.pack(0x80, b"\x01\x01"), tlv.pack(0x87, b"\x01\x01"), tlv.pack(0x88, b"\x00\x08")),
        tlv.pack(0x5F2E, header + record),
    )
    return tlv.pack(0x75, tlv.pack(0x7F61, tlv.pack(0x02, b"\x01"), template))


def face(octets: int, picture: str) -> bytes:
    """A drawn face, the same each time, of about that many bytes."""
    drawn = Image.new("RGB", (240, 320), (200, 215, 230))
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((60, 50, 180, 230), fill=(225, 185, 155))
    pen.ellipse((90, 120, 105, 132), fill=(40, 30, 30))
    pen.ellipse((135, 120, 150, 132), fill=(40, 30, 30))
    pen.arc((95, 150, 145, 195), 20, 160, fill=(150, 60, 60), width=4)
    pen.rectangle((30, 235, 210, 320), fill=(60, 70, 110))
    grain = Image.frombytes("L", (240, 320), random.Random(7).randbytes(240 * 320))
    drawn = Image.blend(drawn, Image.merge("RGB", (grain,) * 3), 0.12)
    drawn = drawn.filter(ImageFilter.SMOOTH)
    for quality in range(96, 4, -3):
        out = io.BytesIO()
        if picture == "jp2":
            drawn.save(out, "JPEG2000", quality_mode="rates", quality_layers=[(100 - quality) + 5])
        else:
            drawn.save(out, "JPEG", quality=quality)
        if out.tell() <= octets:
            return out.getvalue()
    return out.getvalue()


def dg13(person: Person) -> bytes:
    """The issuer's own group: numbered fields in a set, as read off public samples."""
    fields = {
        1: printable(person.number),
        2: text(person.name),
        3: printable(person.birth),
        4: text(person.sex),
        5: text("Việt Nam"),
        6: text(person.ethnicity),
        7: text(person.religion),
        8: text(person.home_town),
        9: text(person.residence),
        10: text(person.features),
        11: printable(person.issued),
        12: text(person.expiry),
        13: tlv.pack(0x30, *(text(name) for name in person.parents)),
        14: tlv.pack(0x30, text(person.spouse)) if person.spouse else b"",
        15: printable(person.former_number) if person.former_number else b"",
        16: printable("0" * 16),
    }
    members = (tlv.pack(0x30, integer(number), value) for number, value in fields.items())
    marker = bytes.fromhex("060628d316010008")
    return tlv.pack(0x6D, tlv.pack(0x30, integer(1), marker, tlv.pack(0x31, *members)))


def dg14(chip_key: bytes | None, suite_number: int, signs_ecdsa: bool, pace: bytes) -> bytes:
    infos = [pace] if pace else []
    if chip_key:
        infos.append(
            tlv.pack(0x30, oid(f"{CHIP_AUTHENTICATION_ECDH}.{suite_number}"), integer(1))
        )
        infos.append(tlv.pack(0x30, oid(CHIP_KEY_ECDH), chip_key))
    if signs_ecdsa:
        infos.append(
            tlv.pack(0x30, oid(ACTIVE_AUTHENTICATION), integer(1), oid(ECDSA_PLAIN_SHA256))
        )
    return tlv.pack(0x6E, tlv.pack(0x31, *infos))


def dg15(public_key: bytes) -> bytes:
    return tlv.pack(0x6F, public_key)


def printable(value: str) -> bytes:
    return tlv.pack(0x13, value.encode("ascii"))


def text(value: str) -> bytes:
    return tlv.pack(0x0C, value.encode())
