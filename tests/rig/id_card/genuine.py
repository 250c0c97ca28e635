"""The two ways in which a chip proves to be no copy: chip and active authentication."""

import hashlib

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from .ciphers import Suite
from .curve import Curve
from .messaging import Session

DER, SPKI = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
CURVES = {
    "brainpoolP256r1": ec.BrainpoolP256R1,
    "P-256": ec.SECP256R1,
    "P-384": ec.SECP384R1,
}


class ChipKey:
    """The static key of chip authentication. A copied chip has the file but not the number."""

    def __init__(self, curve: Curve, suite: Suite, copied: bool):
        self.curve, self.suite = curve, suite
        key = ec.generate_private_key(CURVES[curve.name]())
        self.public = key.public_key().public_bytes(DER, SPKI)
        self.private = key.private_numbers().private_value
        if copied:
            self.private ^= 1

    def session(self, public: bytes) -> Session:
        return Session.agreed(self.suite, self.curve.shared(self.private, public))


class EcdsaKey:
    """Active authentication by a plain ECDSA signature with SHA-256."""

    def __init__(self, curve: str, copied: bool):
        key = ec.generate_private_key(CURVES[curve]())
        self.public = key.public_key().public_bytes(DER, SPKI)
        self.key = ec.generate_private_key(CURVES[curve]()) if copied else key
        self.octets = (key.key_size + 7) // 8

    def sign(self, challenge: bytes) -> bytes:
        r, s = decode_dss_signature(self.key.sign(challenge, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(self.octets, "big") + s.to_bytes(self.octets, "big")


class RsaKey:
    """Active authentication by ISO/IEC 9796-2 scheme 1 with message recovery."""

    def __init__(self, bits: int, digest: str, copied: bool):
        key = rsa.generate_private_key(65537, bits)
        self.public = key.public_key().public_bytes(DER, SPKI)
        self.numbers = key.private_numbers()
        self.octets, self.digest, self.copied = bits // 8, digest, copied

    def sign(self, challenge: bytes) -> bytes:
        trailer = {"sha1": b"\xbc", "sha256": b"\x34\xcc", "sha512": b"\x35\xcc"}[self.digest]
        size = hashlib.new(self.digest).digest_size
        nonce = b"\x42" * (self.octets - 1 - size - len(trailer))
        signed = nonce + (b"copied" if self.copied else b"") + challenge
        digest = hashlib.new(self.digest, signed).digest()
        message = int.from_bytes(b"\x6a" + nonce + digest + trailer, "big")
        modulus = self.numbers.public_numbers.n
        return pow(message, self.numbers.d, modulus).to_bytes(self.octets, "big")
