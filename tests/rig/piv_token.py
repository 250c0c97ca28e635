"""A PIV card in software (NIST SP 800-73-4, the parts a signing driver uses), put into vpcd.

Three signing keys: 9A (RSA-2048) signs after one PIN, 9C (P-256) wants it before each signature,
9E (P-384) wants none. The PIN is 123456; three wrong ones lock it. Keys, certificates
and the tries left outlive the process in FOLDER, so pulling the card does not help.
A fault strikes once, at the command it names, counted from 1 after the card was put in.
"""
import argparse
import pathlib
import socket
import struct
import time
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils
from cryptography.x509.oid import NameOID

ATR = bytes.fromhex("3B800181")
PIV = bytes.fromhex("A000000308000010000100")
PIN, TRIES = b"123456\xff\xff", 3
OK, LOCKED = b"\x90\x00", b"\x69\x83"
NOT_LOGGED_IN, NOT_FOUND, UNKNOWN = b"\x69\x82", b"\x6a\x82", b"\x6d\x00"
HOLDERS = {0x9A: "Nguyễn Thị Hường", 0x9C: "Trần Văn Bình", 0x9E: "Lê Hoàng Phúc"}
FILES = {0x9A: "rsa", 0x9C: "p256", 0x9E: "p384"}
OBJECTS = {0x9A: "5fc105", 0x9C: "5fc10a", 0x9E: "5fc101"}
COMMANDS = {"select": 0xA4, "read": 0xCB, "verify": 0x20, "sign": 0x87}
FAULTS = """faults: drop@N         is taken out when command N comes
        drop@KIND:N    the same, counting only select, read, verify or sign
        mute@N, mute@KIND:N
                       says nothing to that command and all after it, until it is taken out
        slow:MS        thinks for MS milliseconds before each answer"""


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


def certificate(key, holder, authority, days):
    """By the authority in `authority` (ca.pem, ca.key), or by the key itself."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, holder)])
    issuer, signing_key = name, key
    if authority:
        issuer = x509.load_pem_x509_certificate((authority / "ca.pem").read_bytes()).subject
        signing_key = serialization.load_pem_private_key((authority / "ca.key").read_bytes(), None)
    # Some of a key's uses: digitalSignature and nonRepudiation, and none of the seven others.
    usage = x509.KeyUsage(True, True, *[False] * 7)
    begin = datetime.now(timezone.utc) - timedelta(days=1000)
    builder = x509.CertificateBuilder(issuer, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(begin)
    builder = builder.not_valid_after(datetime.now(timezone.utc) + timedelta(days=days))
    builder = builder.add_extension(usage, critical=True)
    return builder.sign(signing_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def load(path):
    """The key of an earlier stay in the reader, or a new one."""
    if path.exists():
        return serialization.load_der_private_key(path.read_bytes(), None)
    curves = {"p256": ec.SECP256R1(), "p384": ec.SECP384R1()}
    curve = curves.get(path.stem)
    key = ec.generate_private_key(curve) if curve else rsa.generate_private_key(65537, 2048)
    encoding, form = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
    path.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
    return key


class Card:
    """What the chip holds and answers."""

    def __init__(self, folder, authority, days):
        self.tries_file = folder / "tries"
        self.keys = {slot: load(folder / f"{name}.key") for slot, name in FILES.items()}
        holder_id = tlv("30", bytes(25)) + tlv("34", bytes(15) + b"\x01") + tlv("35", b"20990101")
        self.objects = {"5fc102": holder_id + tlv("3e", b"") + tlv("fe", b"")}
        for slot, name in FILES.items():
            path = folder / f"{name}.der"
            if not path.exists():
                made = certificate(self.keys[slot], HOLDERS[slot], authority, days)
                path.write_bytes(made)
            packed = tlv("70", path.read_bytes()) + tlv("71", b"\0") + tlv("fe", b"")
            self.objects[OBJECTS[slot]] = packed
        self.reset()

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
            return self.log_out() if p1 == 0xFF else self.verify(data)
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

    def log_out(self):
        self.logged_in = False
        return OK

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
        if not self.logged_in and slot != 0x9E:
            return NOT_LOGGED_IN
        if slot == 0x9C:
            self.logged_in = False
        if isinstance(key, rsa.RSAPrivateKey):
            numbers = key.private_numbers()
            power = pow(int.from_bytes(value, "big"), numbers.d, numbers.public_numbers.n)
            signature = power.to_bytes(256, "big")
        else:
            hashed = hashes.SHA256() if key.key_size == 256 else hashes.SHA384()
            # The card is given a digest; a longer one is cut, a shorter one has zeros before it.
            digest = value[: hashed.digest_size].rjust(hashed.digest_size, b"\0")
            signature = key.sign(digest, ec.ECDSA(utils.Prehashed(hashed)))
        return self.part(tlv("7c", tlv("82", signature)))


class Fault:
    """Strikes at the N-th command, or the N-th of one kind."""

    def __init__(self, words):
        self.what, _, at = (words or "").partition("@")
        self.slow = int(self.what[5:]) / 1000 if self.what.startswith("slow:") else 0
        kind, _, number = at.rpartition(":")
        self.kind = COMMANDS[kind] if kind else None
        self.left = int(number) if number else 0

    def strikes(self, apdu):
        time.sleep(self.slow)
        if self.what in ("drop", "mute") and self.kind in (None, apdu[1]):
            self.left -= 1
        return self.what in ("drop", "mute") and self.left == 0


def serve(card, fault, log, port):
    with socket.create_connection(("127.0.0.1", port)) as reader:
        reader.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = reader.makefile("rb")
        while head := stream.read(2):
            message = stream.read(*struct.unpack(">H", head))
            if len(message) > 1:
                print(message[:5].hex(), file=log, flush=True)
                if fault.strikes(message):
                    if fault.what == "mute":
                        stream.read()
                    return
                reply = card.answer(message)
            elif message == b"\x04":
                reply = ATR
            else:  # power off, power on, reset
                card.reset()
                continue
            reader.sendall(struct.pack(">H", len(reply)) + reply)


def main():
    formatter = argparse.RawDescriptionHelpFormatter
    options = argparse.ArgumentParser(description=__doc__, epilog=FAULTS, formatter_class=formatter)
    options.add_argument("folder", type=pathlib.Path, help="keeps rsa, p256 and p384 .key and .der")
    options.add_argument("--authority", type=pathlib.Path, help="folder with ca.pem and ca.key")
    options.add_argument("--days", type=int, default=1000, help="until the certificates expire")
    options.add_argument("--fault", help="see below")
    options.add_argument("--log", type=pathlib.Path, help="where the commands' heads are written")
    options.add_argument("--port", type=int, default=35963, help="vpcd's")
    given = options.parse_args()
    card = Card(given.folder, given.authority, given.days)
    log = (given.log or pathlib.Path("/dev/null")).open("a")
    serve(card, Fault(given.fault), log, given.port)


main()
