"""Secure messaging from the chip's side (ICAO 9303-11, 9.8)."""

from dataclasses import dataclass

from . import tlv
from .ciphers import ENCRYPT, MAC, Suite, pad, unpad


class Broken(Exception):
    """A protected command that does not verify: the session ends."""


@dataclass
class Session:
    """Keys and counter of one session."""

    suite: Suite
    encryption: bytes
    authentication: bytes
    counter: int = 0

    @classmethod
    def agreed(cls, suite: Suite, secret: bytes, counter: int = 0) -> "Session":
        return cls(suite, suite.key(secret, ENCRYPT), suite.key(secret, MAC), counter)

    def open(self, header: bytes, body: bytes) -> tuple[bytes, int | None]:
        """Verifies a command; gives its data and the expected length."""
        self._count()
        try:
            objects = dict(tlv.unpack(body))
            signed = b"".join(tlv.pack(tag, value) for tag, value in tlv.unpack(body) if tag != 0x8E)
            if objects[0x8E] != self._mac(pad(header, self.suite.block) + signed):
                raise Broken
            data = b""
            if 0x87 in objects:
                data = unpad(self._decrypt(objects[0x87][1:]))
            elif 0x85 in objects:
                data = unpad(self._decrypt(objects[0x85]))
        except (KeyError, IndexError, ValueError) as error:
            raise Broken from error
        return data, self._expected(objects.get(0x97))

    def close(self, data: bytes, status: int, odd: bool) -> bytes:
        """Protects a response."""
        self._count()
        objects = b""
        if data:
            sealed = self.suite.encrypt(
                self.encryption, pad(data, self.suite.block), self.counter
            )
            objects = tlv.pack(0x85, sealed) if odd else tlv.pack(0x87, b"\x01", sealed)
        objects += tlv.pack(0x99, status.to_bytes(2, "big"))
        return objects + tlv.pack(0x8E, self._mac(objects))

    def room(self, response: int) -> int:
        """How many bytes of data fit into a response of that length (without the status)."""
        overhead = 1 + 5 + 4 + 10
        return (response - overhead) // self.suite.block * self.suite.block - 1

    def _count(self) -> None:
        self.counter = (self.counter + 1) % (1 << (8 * self.suite.block))

    def _mac(self, data: bytes) -> bytes:
        counter = self.counter.to_bytes(self.suite.block, "big")
        return self.suite.mac(self.authentication, pad(counter + data, self.suite.block))

    def _decrypt(self, data: bytes) -> bytes:
        return self.suite.decrypt(self.encryption, data, self.counter)

    @staticmethod
    def _expected(value: bytes | None) -> int | None:
        if value is None:
            return None
        return int.from_bytes(value, "big") or (256 if len(value) == 1 else 65536)
