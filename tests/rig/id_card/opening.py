"""How a chip is opened: PACE with generic mapping (ICAO 9303-11, 4.4) and BAC (4.3)."""

import hashlib
import hmac
import secrets

from . import tlv
from .ciphers import ENCRYPT, MAC, PASSWORD, SUITES, Suite
from .curve import Curve
from .files import PACE_ECDH_GM, oid
from .messaging import Session

WRONG_DATA, NO_SUCH_KEY, NOT_NOW, FAILED = 0x6A80, 0x6A88, 0x6985, 0x6300


class Refused(Exception):
    """The chip answers with nothing but a status word."""

    def __init__(self, status: int):
        super().__init__(f"{status:04X}")
        self.status = status


class Pace:
    """One run of PACE, step by step as the terminal asks for it."""

    def __init__(self, curve: Curve, suite: Suite, passwords: dict[int, bytes], request: bytes):
        self.curve, self.suite = curve, suite
        self.oid = oid(f"{PACE_ECDH_GM}.{suite.number}")
        objects = dict(tlv.unpack(request))
        if objects.get(0x80) != self.oid[2:]:
            raise Refused(WRONG_DATA)
        if 0x84 in objects and int.from_bytes(objects[0x84], "big") != curve.parameter_id:
            raise Refused(WRONG_DATA)
        password = passwords.get(int.from_bytes(objects.get(0x83, b""), "big"))
        if password is None:
            raise Refused(NO_SUCH_KEY)
        self.password = suite.key(password, PASSWORD)
        self.nonce = secrets.token_bytes(16)
        self.step = 0x80
        self.generator = self.terminal = self.chip = self.session = None

    def answer(self, data: bytes) -> bytes:
        """The next GENERAL AUTHENTICATE; the last one makes `session`."""
        objects = dict(tlv.unpack(tlv.first(data, 0x7C)))
        steps = {0x80: self._nonce, 0x81: self._map, 0x83: self._agree, 0x85: self._confirm}
        asked = next(iter(objects), 0x80)
        if asked != self.step:
            raise Refused(NOT_NOW)
        tag, value = steps[asked](objects.get(asked, b""))
        return tlv.pack(0x7C, tlv.pack(tag, value))

    def _nonce(self, _: bytes) -> tuple[int, bytes]:
        self.step = 0x81
        return 0x80, self.suite.encrypt(self.password, self.nonce)

    def _map(self, public: bytes) -> tuple[int, bytes]:
        curve = self.curve
        private, own = curve.pair(curve.generator)
        agreed = curve.multiply(private, curve.decode(public))
        nonce = int.from_bytes(self.nonce, "big")
        self.generator = curve.add(curve.multiply(nonce, curve.generator), agreed)
        self.step = 0x83
        return 0x82, curve.encode(own)

    def _agree(self, public: bytes) -> tuple[int, bytes]:
        private, own = self.curve.pair(self.generator)
        self.terminal, self.chip = public, self.curve.encode(own)
        if self.terminal == self.chip:
            raise Refused(WRONG_DATA)
        secret = self.curve.shared(private, public)
        self.agreed = Session.agreed(self.suite, secret)
        self.step = 0x85
        return 0x84, self.chip

    def _confirm(self, token: bytes) -> tuple[int, bytes]:
        if not hmac.compare_digest(token, self._token(self.chip)):
            raise Refused(FAILED)
        self.session = self.agreed
        return 0x86, self._token(self.terminal)

    def _token(self, public: bytes) -> bytes:
        data = tlv.pack(0x7F49, self.oid, tlv.pack(0x86, public))
        return self.suite.token(self.agreed.authentication, data)


class Bac:
    """Basic access control: one challenge, one mutual authentication."""

    suite = SUITES["3DES"]

    def __init__(self, information: str):
        seed = hashlib.sha1(information.encode()).digest()[:16]
        self.encryption = self.suite.key(seed, ENCRYPT)
        self.authentication = self.suite.key(seed, MAC)
        self.challenge: bytes | None = None

    def ask(self) -> bytes:
        self.challenge = secrets.token_bytes(8)
        return self.challenge

    def answer(self, data: bytes) -> tuple[bytes, Session]:
        challenge, self.challenge = self.challenge, None
        if challenge is None or len(data) != 40:
            raise Refused(NOT_NOW)
        sealed, mac = data[:32], data[32:]
        if not hmac.compare_digest(mac, self._mac(sealed)):
            raise Refused(FAILED)
        opened = self.suite.decrypt(self.encryption, sealed)
        theirs, ours, their_key = opened[:8], opened[8:16], opened[16:]
        if ours != challenge:
            raise Refused(FAILED)
        key = secrets.token_bytes(16)
        sealed = self.suite.encrypt(self.encryption, challenge + theirs + key)
        secret = bytes(left ^ right for left, right in zip(key, their_key))
        counter = int.from_bytes(challenge[4:] + theirs[4:], "big")
        return sealed + self._mac(sealed), Session.agreed(self.suite, secret, counter)

    def _mac(self, data: bytes) -> bytes:
        return self.suite.mac(self.authentication, data + b"\x80" + bytes(7))
