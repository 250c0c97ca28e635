"""The issuing state: a country signing authority (CSCA), a document signer, and the security
object (SOD) that the signer makes for each card (ICAO 9303-10, 4.6.2 and 9303-12)."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from . import tlv
from .files import integer, oid

SECURITY_OBJECT = "2.23.136.1.1.1"
ISSUED = dt.datetime(2024, 1, 1, tzinfo=dt.timezone.utc)
EXPIRES = dt.datetime(2036, 1, 1, tzinfo=dt.timezone.utc)


@dataclass(frozen=True)
class Signer:
    """How an issuer signs: elliptic curves as real cards do, or RSA with either padding."""

    curve: type[ec.EllipticCurve] | None = ec.BrainpoolP256R1
    digest: str = "sha256"
    pss: bool = False

    def key(self):
        if self.curve:
            return ec.generate_private_key(self.curve())
        return rsa.generate_private_key(65537, 2048)

    @property
    def hash(self) -> hashes.HashAlgorithm:
        return {"sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha384": hashes.SHA384}[self.digest]()

    @property
    def padding(self):
        if self.pss:
            return padding.PSS(padding.MGF1(self.hash), self.hash.digest_size)
        return padding.PKCS1v15()

    def sign(self, key, data: bytes) -> bytes:
        if self.curve:
            return key.sign(data, ec.ECDSA(self.hash))
        return key.sign(data, self.padding, self.hash)

    @property
    def algorithm(self) -> algos.SignedDigestAlgorithm:
        if self.curve:
            return algos.SignedDigestAlgorithm({"algorithm": f"{self.digest}_ecdsa"})
        if not self.pss:
            return algos.SignedDigestAlgorithm({"algorithm": f"{self.digest}_rsa"})
        digest = {"algorithm": self.digest}
        parameters = {
            "hash_algorithm": digest,
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": digest},
            "salt_length": self.hash.digest_size,
        }
        return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters})


SIGNERS = {
    "brainpoolP256r1": Signer(),
    "P-256": Signer(ec.SECP256R1),
    "brainpoolP384r1": Signer(ec.BrainpoolP384R1, "sha384"),
    "P-384": Signer(ec.SECP384R1, "sha384"),
    "rsa": Signer(None),
    "rsa-pss": Signer(None, pss=True),
}


class Issuer:
    """A state with fresh keys. All issuers have the same name: only keys tell them apart. One that
    poses as another (its certificate given) writes the other's key identifier as well.
    """

    def __init__(self, signer: Signer, poses_as: bytes | None = None):
        self.signer = signer
        self.posed = x509.load_pem_x509_certificate(poses_as) if poses_as else None
        self.authority_key, self.key = signer.key(), signer.key()
        self.authority = self._certify(
            "CSCA Viet Nam (test)", self.authority_key, "CSCA Viet Nam (test)", is_authority=True
        )
        self.certificate = self._certify("Document Signer 1 (test)", self.key, "CSCA Viet Nam (test)")

    @property
    def authority_pem(self) -> bytes:
        return self.authority.public_bytes(serialization.Encoding.PEM)

    def security_object(self, groups: dict[int, bytes]) -> bytes:
        """Signs the digests of the groups, given by number."""
        digest = self.signer.digest
        hashed = (
            tlv.pack(0x30, integer(number), tlv.pack(0x04, hashlib.new(digest, data).digest()))
            for number, data in sorted(groups.items())
        )
        algorithm = algos.DigestAlgorithm({"algorithm": digest}).dump()
        content = tlv.pack(0x30, integer(0), algorithm, tlv.pack(0x30, *hashed))
        return tlv.pack(0x77, self._signed(content))

    def _signed(self, content: bytes) -> bytes:
        digest = self.signer.digest
        attributes = cms.CMSAttributes(
            [
                {"type": "content_type", "values": [SECURITY_OBJECT]},
                {"type": "message_digest", "values": [hashlib.new(digest, content).digest()]},
            ]
        )
        signature = self.signer.sign(self.key, attributes.untag().dump())
        certificate = asn1_x509.Certificate.load(
            self.certificate.public_bytes(serialization.Encoding.DER)
        )
        signer_info = {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number",
                {"issuer": certificate.issuer, "serial_number": certificate.serial_number},
            ),
            "digest_algorithm": {"algorithm": digest},
            "signed_attrs": attributes,
            "signature_algorithm": self.signer.algorithm,
            "signature": signature,
        }
        signed_data = cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [{"algorithm": digest}],
                "encap_content_info": {
                    "content_type": SECURITY_OBJECT,
                    "content": core.ParsableOctetString(content),
                },
                "certificates": [certificate],
                "signer_infos": [signer_info],
            }
        )
        return cms.ContentInfo({"content_type": "signed_data", "content": signed_data}).dump()

    def _certify(self, subject: str, key, issuer: str, is_authority: bool = False):
        def name(common: str) -> x509.Name:
            return x509.Name(
                [
                    x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
                    x509.NameAttribute(NameOID.COMMON_NAME, common),
                ]
            )

        def usage(**allowed: bool) -> x509.KeyUsage:
            names = (
                "digital_signature content_commitment key_encipherment data_encipherment "
                "key_agreement key_cert_sign crl_sign encipher_only decipher_only"
            )
            return x509.KeyUsage(**{name: allowed.get(name, False) for name in names.split()})

        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(
            (self.posed or self.authority_key).public_key()
        )
        builder = (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(ISSUED)
            .not_valid_after(EXPIRES)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(identifier, False)
        )
        if is_authority:
            builder = builder.add_extension(x509.BasicConstraints(True, 0), True)
            builder = builder.add_extension(usage(key_cert_sign=True, crl_sign=True), True)
        else:
            builder = builder.add_extension(usage(digital_signature=True), True)
        rsa_padding = None if self.signer.curve else self.signer.padding
        return builder.sign(self.authority_key, self.signer.hash, rsa_padding=rsa_padding)
