"""A PIV card in software (NIST SP 800-73-4, the parts a signing driver uses), put into vpcd's reader.

usage: card.py FOLDER      writes FOLDER/rsa.der and FOLDER/p256.der, then stays in the reader

The PIN is 123456; three wrong ones lock it. The state outlives the process in FOLDER/tries, so
pulling the card does not help. Key 9A signs after one PIN, key 9C wants it before each signature.
"""
import pathlib
import socket
import struct
import sys
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils
from cryptography.x509.oid import NameOID

VPCD = ("127.0.0.1", 35963)
ATR = bytes.fromhex("3B800181")
PIV = bytes.fromhex("A000000308000010000100")
PIN, TRIES = b"123456\xff\xff", 3
OK, LOCKED = b"\x90\x00", b"\x69\x83"
NOT_LOGGED_IN, NOT_FOUND, UNKNOWN = b"\x69\x82", b"\x6a\x82", b"\x6d\x00"


def tlv(tag, value):
    size = len(value)
    length = bytes([size]) if size < 0x80 else b"\x82" + struct.pack(">H", size)
    return bytes.fromhex(tag) + length + value


def inner(template, tag):
    """The value under a one-byte tag in a sequence of TLVs."""
    while template:
        size, start = template[1], 2
        if size & 0x80:
            start = 2 + (size & 0x7F)
            size = int.from_bytes(template[2:start], "big")
        if template[0] == tag:
            return template[start : start + size]
        template = template[start + size :]
    return None


def certificate(key, holder):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, holder)])
    usage = x509.KeyUsage(True, True, *[False] * 7)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(datetime(2026, 1, 1)).not_valid_after(datetime(2099, 1, 1))
    signed = builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


class Card:
    def __init__(self, folder):
        self.tries_file = folder / "tries"
        self.keys = {0x9A: load(folder / "rsa.key"), 0x9C: load(folder / "p256.key")}
        holder_id = tlv("30", bytes(25)) + tlv("34", bytes(15) + b"\x01") + tlv("35", b"20990101")
        self.objects = {
            "5fc102": holder_id + tlv("3e", b"") + tlv("fe", b""),
            "5fc105": self.packed(folder / "rsa.der", 0x9A, "Nguyễn Thị Hường"),
            "5fc10a": self.packed(folder / "p256.der", 0x9C, "Trần Văn Bình"),
        }
        self.reset()

    def packed(self, path, slot, holder):
        if not path.exists():
            path.write_bytes(certificate(self.keys[slot], holder))
        return tlv("70", path.read_bytes()) + tlv("71", b"\0") + tlv("fe", b"")

    def reset(self):
        self.logged_in, self.chained, self.waiting = False, b"", b""

    @property
    def tries(self):
        return int(self.tries_file.read_text()) if self.tries_file.exists() else TRIES

    @tries.setter
    def tries(self, left):
        self.tries_file.write_text(str(left))

    def answer(self, apdu):
        cla, ins, p1, p2 = apdu[:4]
        data = apdu[5 : 5 + apdu[4]] if len(apdu) > 5 else b""
        if cla & 0x10:
            self.chained += data
            return OK
        data, self.chained = self.chained + data, b""
        if ins == 0xC0:
            return self.part(self.waiting)
        if ins == 0xA4:
            return self.select(data)
        if ins == 0xCB:
            found = self.objects.get(inner(data, 0x5C).hex())
            return self.part(tlv("53", found)) if found else NOT_FOUND
        if ins == 0x20:
            return self.verify(data)
        if ins == 0x87:
            return self.sign(p2, inner(inner(data, 0x7C), 0x81))
        return UNKNOWN

    def part(self, data):
        """256 bytes at a time; the reader asks for the rest."""
        self.waiting = data[256:]
        left = len(self.waiting)
        return data[:256] + (bytes([0x61, left if left < 256 else 0]) if left else OK)

    def select(self, name):
        if len(name) < 5 or not PIV.startswith(name[:9]):
            return NOT_FOUND
        return self.part(tlv("61", tlv("4f", PIV[5:]) + tlv("79", tlv("4f", PIV[:5]))))

    def verify(self, pin):
        if not pin and self.logged_in:
            return OK
        if pin == PIN and self.tries:
            self.tries, self.logged_in = TRIES, True
            return OK
        if pin and self.tries:
            self.tries, self.logged_in = self.tries - 1, False
        return bytes([0x63, 0xC0 | self.tries]) if self.tries else LOCKED

    def sign(self, slot, value):
        key = self.keys.get(slot)
        if key is None or value is None:
            return NOT_FOUND
        if not self.logged_in:
            return NOT_LOGGED_IN
        if slot == 0x9C:
            self.logged_in = False
        if isinstance(key, rsa.RSAPrivateKey):
            numbers = key.private_numbers()
            power = pow(int.from_bytes(value, "big"), numbers.d, numbers.public_numbers.n)
            signature = power.to_bytes(256, "big")
        else:
            signature = key.sign(value, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
        return self.part(tlv("7c", tlv("82", signature)))


def load(path):
    """The key of an earlier stay in the reader, or a new one."""
    if path.exists():
        return serialization.load_der_private_key(path.read_bytes(), None)
    is_rsa = path.stem == "rsa"
    key = rsa.generate_private_key(65537, 2048) if is_rsa else ec.generate_private_key(ec.SECP256R1())
    encoding, form = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
    path.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
    return key


def serve(card):
    with socket.create_connection(VPCD) as reader:
        reader.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = reader.makefile("rb")
        while head := stream.read(2):
            message = stream.read(*struct.unpack(">H", head))
            if len(message) > 1:
                reply = card.answer(message)
            elif message == b"\x04":
                reply = ATR
            else:  # power off, power on, reset
                card.reset()
                continue
            reader.sendall(struct.pack(">H", len(reply)) + reply)


serve(Card(pathlib.Path(sys.argv[1])))
