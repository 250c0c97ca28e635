"""The ciphers a session can run on: 3DES with the retail MAC, AES with CMAC (ICAO 9303-11, 9.8)."""

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

ENCRYPT, MAC, PASSWORD = 1, 2, 3


def pad(data: bytes, block: int) -> bytes:
    return data + b"\x80" + bytes(-(len(data) + 1) % block)


def unpad(data: bytes) -> bytes:
    data = data.rstrip(b"\0")
    if not data.endswith(b"\x80"):
        raise ValueError("wrong padding")
    return data[:-1]


@dataclass(frozen=True)
class Suite:
    """One of the four; `number` ends the object identifiers that name it."""

    name: str
    number: int
    block: int
    key_octets: int

    @property
    def is_des(self) -> bool:
        return self.block == 8

    def key(self, secret: bytes, purpose: int) -> bytes:
        digest = hashlib.sha256 if self.key_octets > 16 else hashlib.sha1
        return digest(secret + purpose.to_bytes(4, "big")).digest()[: self.key_octets]

    def cbc(self, key: bytes, start: bytes | None = None) -> Cipher:
        return Cipher(self._cipher(key), modes.CBC(start or bytes(self.block)))

    def encrypt(self, key: bytes, data: bytes, counter: int | None = None) -> bytes:
        return self.cbc(key, self._start(key, counter)).encryptor().update(data)

    def decrypt(self, key: bytes, data: bytes, counter: int | None = None) -> bytes:
        if len(data) % self.block:
            raise ValueError("not whole blocks")
        return self.cbc(key, self._start(key, counter)).decryptor().update(data)

    def mac(self, key: bytes, data: bytes) -> bytes:
        """Over data that is padded already where the protocol pads it."""
        if not self.is_des:
            mac = CMAC(AES(key))
            mac.update(data)
            return mac.finalize()[:8]
        assert len(data) % 8 == 0
        first, second = key[:8], key[8:]
        last = Cipher(TripleDES(first * 3), modes.CBC(bytes(8))).encryptor().update(data)[-8:]
        last = Cipher(TripleDES(second * 3), modes.CBC(bytes(8))).decryptor().update(last)
        return Cipher(TripleDES(first * 3), modes.CBC(bytes(8))).encryptor().update(last)

    def token(self, key: bytes, data: bytes) -> bytes:
        """The MAC of an authentication token: only the retail MAC wants padding."""
        return self.mac(key, pad(data, 8) if self.is_des else data)

    def _cipher(self, key: bytes):
        return TripleDES(key + key[:8]) if self.is_des else AES(key)

    def _start(self, key: bytes, counter: int | None) -> bytes | None:
        if counter is None or self.is_des:
            return None
        block = Cipher(AES(key), modes.CBC(bytes(16))).encryptor()
        return block.update(counter.to_bytes(16, "big"))


SUITES = {
    suite.name: suite
    for suite in (
        Suite("3DES", 1, 8, 16),
        Suite("AES-128", 2, 16, 16),
        Suite("AES-192", 3, 16, 24),
        Suite("AES-256", 4, 16, 32),
    )
}
