"""The chip: commands in, responses out."""

import hashlib
from dataclasses import dataclass, field

from . import tlv
from .files import CARD_ACCESS, DG13
from .genuine import ChipKey, EcdsaKey, RsaKey
from .messaging import Broken, Session
from .opening import NOT_NOW, Bac, Pace, Refused

OK, END_OF_FILE, WRONG_CLASS = 0x9000, 0x6282, 0x6E00
WRONG_LENGTH, DENIED, NO_FILE, BAD_OFFSET = 0x6700, 0x6982, 0x6A82, 0x6B00
NO_CURRENT_FILE, BAD_OBJECTS, UNKNOWN_COMMAND, WRONG_DATA = 0x6986, 0x6988, 0x6D00, 0x6A80
APPLICATION = bytes.fromhex("A0000002471001")


@dataclass
class Card:
    """What is burnt into one card."""

    outside: dict[int, bytes]
    inside: dict[int, bytes]
    information: str
    access_number: str
    suite: object
    curve: object
    opens_with: set[str]
    chip_key: ChipKey | None = None
    active_key: EcdsaKey | RsaKey | None = None
    quirks: set[str] = field(default_factory=set)
    # The longest response without its status word.
    buffer: int = 2048


@dataclass
class Command:
    """A command APDU taken apart (ISO/IEC 7816-4, 5.1)."""

    header: bytes
    data: bytes
    expected: int | None
    is_extended: bool

    @classmethod
    def parse(cls, message: bytes) -> "Command":
        header, body = message[:4], message[4:]
        if len(header) < 4:
            raise Refused(WRONG_LENGTH)
        if len(body) == 0:
            return cls(header, b"", None, False)
        if len(body) == 1:
            return cls(header, b"", body[0] or 256, False)
        if body[0] or len(body) < 3:
            count, rest, octets = body[0], body[1:], 1
        elif len(body) == 3:
            return cls(header, b"", int.from_bytes(body[1:], "big") or 65536, True)
        else:
            count, rest, octets = int.from_bytes(body[1:3], "big"), body[3:], 2
        data, tail = rest[:count], rest[count:]
        if len(data) != count or len(tail) not in (0, octets):
            raise Refused(WRONG_LENGTH)
        expected = (int.from_bytes(tail, "big") or 1 << 8 * octets) if tail else None
        return cls(header, data, expected, octets == 2)


class Chip:
    """A card under power."""

    def __init__(self, card: Card):
        self.card = card
        self.reset()

    def reset(self) -> None:
        self.session: Session | None = None
        self.next_session: Session | None = None
        self.is_open = self.is_inside = False
        self.current: bytes | None = None
        self.pace: Pace | None = None
        self.bac = Bac(self.card.information)
        self.agreed_by_chip = False

    def answer(self, message: bytes, spoil_mac: bool = False) -> bytes:
        """One response for one command, status word included."""
        try:
            command = Command.parse(message)
            if command.is_extended and "noext" in self.card.quirks:
                raise Refused(WRONG_LENGTH)
            if command.is_extended and "oddext" in self.card.quirks:
                raise Refused(WRONG_CLASS)
            if self.session and command.header[0] & 0x0C == 0x0C:
                return self._protected(command, spoil_mac)
            self._close()
            data, status = self._plain(command, self.card.buffer if command.is_extended else 256)
            self._switch()
            return data + status.to_bytes(2, "big")
        except (Refused, Broken) as refused:
            self._close()
            return getattr(refused, "status", BAD_OBJECTS).to_bytes(2, "big")

    def _protected(self, command: Command, spoil_mac: bool) -> bytes:
        session = self.session
        data, expected = session.open(command.header, command.data)
        room = session.room(self.card.buffer if command.is_extended else 256)
        if "strictle" in self.card.quirks and expected not in (None, 256) and expected > room:
            raise Refused(WRONG_LENGTH)
        inner = Command(command.header, data, expected, command.is_extended)
        try:
            answer, status = self._plain(inner, room)
        except Refused as refused:
            answer, status = b"", refused.status
        sealed = session.close(answer, status, odd=command.header[1] & 1 == 1)
        if spoil_mac:
            sealed = sealed[:-1] + bytes([sealed[-1] ^ 1])
        self._switch()
        return sealed + status.to_bytes(2, "big")

    def _switch(self) -> None:
        if self.next_session:
            self.session, self.next_session, self.is_open = self.next_session, None, True

    def _close(self) -> None:
        self.session = self.next_session = None
        self.is_open = False

    def _plain(self, command: Command, room: int) -> tuple[bytes, int]:
        handlers = {
            0xA4: self._select,
            0xB0: self._read,
            0xB1: self._read_far,
            0x84: self._challenge,
            0x82: self._authenticate,
            0x22: self._set_security,
            0x86: self._general_authenticate,
            0x88: self._internal_authenticate,
        }
        handler = handlers.get(command.header[1])
        if handler is None:
            raise Refused(UNKNOWN_COMMAND)
        try:
            answer, status = handler(command)
        except ValueError as error:
            raise Refused(WRONG_DATA) from error
        if len(answer) > room:
            if handler != self._read:
                raise Refused(WRONG_LENGTH)
            answer = answer[:room]
        return answer, status

    def _select(self, command: Command) -> tuple[bytes, int]:
        by, data = command.header[2], command.data
        if by == 4:
            if data != APPLICATION:
                raise Refused(NO_FILE)
            self.is_inside, self.current = True, None
        elif data in (b"", b"\x3f\x00"):
            if "nomf" in self.card.quirks:
                raise Refused(UNKNOWN_COMMAND)
            self.is_inside, self.current = False, None
        else:
            self.current = self._file(int.from_bytes(data, "big"))
        return b"", OK

    def _read(self, command: Command) -> tuple[bytes, int]:
        first, second = command.header[2:4]
        if first & 0x80:
            if "nosfi" in self.card.quirks and not self.is_inside:
                raise Refused(WRONG_DATA)
            self.current = self._file(0x0100 | first & 0x1F)
            return self._piece(second, command.expected)
        return self._piece(first << 8 | second, command.expected)

    def _read_far(self, command: Command) -> tuple[bytes, int]:
        offset = int.from_bytes(tlv.first(command.data, 0x54), "big")
        # The data comes inside a discretionary object whose head counts too.
        data, status = self._piece(offset, max((command.expected or 256) - 4, 1))
        return tlv.pack(0x53, data), status

    def _piece(self, offset: int, expected: int | None) -> tuple[bytes, int]:
        if self.current is None:
            raise Refused(NO_CURRENT_FILE)
        if offset >= len(self.current):
            raise Refused(BAD_OFFSET)
        room = self.card.buffer
        if self.session:
            room = self.session.room(room)
        data = self.current[offset : offset + min(expected or 256, room)]
        is_short = len(data) < min(expected or 256, room) and expected not in (256, 65536)
        return data, END_OF_FILE if is_short else OK

    def _file(self, name: int) -> bytes:
        if name == CARD_ACCESS and not self.is_inside:
            files = self.card.outside
        else:
            files = self.card.inside if self.is_inside else {}
        if name not in files:
            raise Refused(NO_FILE)
        if self.is_inside and not self.is_open:
            raise Refused(DENIED)
        if name == DG13 and "nodg13" in self.card.quirks:
            raise Refused(DENIED)
        return files[name]

    def _challenge(self, command: Command) -> tuple[bytes, int]:
        if not self.is_inside or "bac" not in self.card.opens_with:
            raise Refused(DENIED)
        return self.bac.ask(), OK

    def _authenticate(self, command: Command) -> tuple[bytes, int]:
        answer, self.next_session = self.bac.answer(command.data)
        return answer, OK

    def _set_security(self, command: Command) -> tuple[bytes, int]:
        kind = command.header[2:4]
        if kind == b"\xc1\xa4" and "pace" in self.card.opens_with:
            passwords = {
                1: hashlib.sha1(self.card.information.encode()).digest(),
                2: self.card.access_number.encode(),
            }
            self.pace = Pace(self.card.curve, self.card.suite, passwords, command.data)
            return b"", 0x63C2 if "warned" in self.card.quirks else OK
        key = self.card.chip_key
        if kind == b"\x41\xa4" and key and self.session and not key.suite.is_des:
            self.agreed_by_chip = True
            return b"", OK
        if kind == b"\x41\xa6" and key and self.session and key.suite.is_des:
            self.next_session = key.session(tlv.first(command.data, 0x91))
            return b"", OK
        raise Refused(WRONG_DATA)

    def _general_authenticate(self, command: Command) -> tuple[bytes, int]:
        if self.agreed_by_chip and self.session:
            public = tlv.first(tlv.first(command.data, 0x7C), 0x80)
            self.next_session = self.card.chip_key.session(public)
            self.agreed_by_chip = False
            return tlv.pack(0x7C), OK
        if self.pace is None:
            raise Refused(NOT_NOW)
        try:
            answer = self.pace.answer(command.data)
        except (Refused, ValueError):
            self.pace = None
            raise
        if self.pace.session:
            self.next_session, self.pace = self.pace.session, None
        return answer, OK

    def _internal_authenticate(self, command: Command) -> tuple[bytes, int]:
        if not (self.is_open and self.card.active_key) or len(command.data) != 8:
            raise Refused(NOT_NOW)
        return self.card.active_key.sign(command.data), OK
