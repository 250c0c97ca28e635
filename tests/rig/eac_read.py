#!/usr/bin/env python3
"""Opens an ID card's chip with OpenPACE's libeac (PACE with the access number) and prints the
machine-readable lines. An independent judge of the chip in software on the curve of real cards,
which no reader in Rust beside ours speaks.

    eac_read.py PORT CAN [--files FOLDER]    the chip: tests/rig/id_card.py --listen PORT

With a folder, EF.COM, DG1, DG2 and the SOD are left in it as the chip gives them.
"""

import argparse
import ctypes as c
import socket
import struct
import sys
from pathlib import Path

PACE_CAN, EAC_ID_PACE = 2, 0
APPLICATION = bytes.fromhex("A0000002471001")
# Files by their short identifiers.
FILES = {"com": 0x1E, "dg1": 0x01, "dg2": 0x02, "sod": 0x1D}
# What is asked for at once, so that an answer with its protection fits a short length.
PIECE = 176


class Buffer(c.Structure):
    """OpenSSL's BUF_MEM."""

    _fields_ = [
        ("length", c.c_size_t), ("data", c.c_void_p), ("max", c.c_size_t), ("flags", c.c_ulong)
    ]


def library() -> c.CDLL:
    eac = c.CDLL("libeac.so.3")
    pointer, buffer = c.c_void_p, c.POINTER(Buffer)
    eac.BUF_MEM_create_init.restype = buffer
    eac.BUF_MEM_create_init.argtypes = [c.c_char_p, c.c_size_t]
    eac.EAC_CTX_new.restype = eac.PACE_SEC_new.restype = pointer
    eac.EAC_CTX_init_ef_cardaccess.argtypes = [c.c_char_p, c.c_size_t, pointer]
    eac.PACE_SEC_new.argtypes = [c.c_char_p, c.c_size_t, c.c_int]
    eac.PACE_STEP2_dec_nonce.argtypes = [pointer, pointer, buffer]
    eac.EAC_CTX_set_encryption_ctx.argtypes = [pointer, c.c_int]
    eac.EAC_increment_ssc.argtypes = eac.PACE_STEP3C_derive_keys.argtypes = [pointer]
    for name in ("PACE_STEP3A_generate_mapping_data", "PACE_STEP3B_generate_ephemeral_key"):
        getattr(eac, name).restype, getattr(eac, name).argtypes = buffer, [pointer]
    for name in (
        "PACE_STEP3D_compute_authentication_token", "EAC_encrypt", "EAC_decrypt",
        "EAC_authenticate", "EAC_add_iso_pad", "EAC_remove_iso_pad",
    ):
        getattr(eac, name).restype = buffer
    for name in (
        "PACE_STEP3A_map_generator", "PACE_STEP3B_compute_shared_secret", "EAC_encrypt",
        "PACE_STEP3D_compute_authentication_token", "PACE_STEP3D_verify_authentication_token",
        "EAC_decrypt", "EAC_authenticate", "EAC_add_iso_pad",
    ):
        getattr(eac, name).argtypes = [pointer, buffer]
    eac.EAC_remove_iso_pad.argtypes = [buffer]
    eac.EAC_init()
    return eac


class Reader:
    def __init__(self, port: int):
        self.eac = library()
        self.line = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.context = self.whole(self.eac.EAC_CTX_new())

    def whole(self, result):
        if not result:
            raise SystemExit("libeac refuses a step")
        return result

    def give(self, data: bytes):
        return self.whole(self.eac.BUF_MEM_create_init(data, len(data)))

    def take(self, buffer) -> bytes:
        return c.string_at(self.whole(buffer).contents.data, buffer.contents.length)

    def transmit(self, command: bytes) -> bytes:
        self.line.sendall(struct.pack(">H", len(command)) + command)
        answer = self.exactly(struct.unpack(">H", self.exactly(2))[0])
        if answer[-2:] != b"\x90\x00":
            raise SystemExit(f"the chip answers {answer[-2:].hex()} to {command[:4].hex()}")
        return answer[:-2]

    def exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            piece = self.line.recv(count - len(data))
            if not piece:
                raise SystemExit("the chip is gone")
            data += piece
        return data

    def step(self, inner: bytes, last: bool = False) -> bytes:
        """One GENERAL AUTHENTICATE; the value inside both frames of the answer."""
        data = b"\x7c" + bytes([len(inner)]) + inner
        head = bytes([0x00 if last else 0x10, 0x86, 0, 0, len(data)])
        answer = self.transmit(head + data + b"\0")
        return answer[4:]

    def open(self, number: str) -> None:
        eac, context = self.eac, self.context
        access = self.transmit(bytes.fromhex("00B09C0000"))
        self.whole(eac.EAC_CTX_init_ef_cardaccess(access, len(access), context))
        secret = self.whole(eac.PACE_SEC_new(number.encode(), len(number), PACE_CAN))
        self.transmit(bytes.fromhex("0022C1A40F800A04007F00070202040202830102"))
        self.whole(eac.PACE_STEP2_dec_nonce(context, secret, self.give(self.step(b""))))
        ours = self.take(eac.PACE_STEP3A_generate_mapping_data(context))
        theirs = self.step(b"\x81" + bytes([len(ours)]) + ours)
        self.whole(eac.PACE_STEP3A_map_generator(context, self.give(theirs)))
        ours = self.take(eac.PACE_STEP3B_generate_ephemeral_key(context))
        theirs = self.give(self.step(b"\x83" + bytes([len(ours)]) + ours))
        self.whole(eac.PACE_STEP3B_compute_shared_secret(context, theirs))
        self.whole(eac.PACE_STEP3C_derive_keys(context))
        token = self.take(eac.PACE_STEP3D_compute_authentication_token(context, theirs))
        answer = self.step(b"\x85" + bytes([len(token)]) + token, last=True)
        if eac.PACE_STEP3D_verify_authentication_token(context, self.give(answer)) != 1:
            raise SystemExit("the chip does not know the access number")
        self.whole(eac.EAC_CTX_set_encryption_ctx(context, EAC_ID_PACE))

    def protected(self, header: bytes, data: bytes = b"", expected: bytes = b"") -> bytes:
        """One command on the session; the data of the verified answer."""
        eac, context = self.eac, self.context
        self.whole(eac.EAC_increment_ssc(context))
        header = bytes([header[0] | 0x0C]) + header[1:]
        objects = b""
        if data:
            padded = self.whole(eac.EAC_add_iso_pad(context, self.give(data)))
            sealed = b"\x01" + self.take(eac.EAC_encrypt(context, padded))
            objects += b"\x87" + bytes([len(sealed)]) + sealed
        if expected:
            objects += b"\x97" + bytes([len(expected)]) + expected
        signed = self.take(eac.EAC_add_iso_pad(context, self.give(header))) + objects
        objects += b"\x8e\x08" + self.code(signed)
        answer = self.transmit(header + bytes([len(objects)]) + objects + b"\0")
        self.whole(eac.EAC_increment_ssc(context))
        body, code = answer[:-10], answer[-8:]
        if self.code(body) != code:
            raise SystemExit("an answer of the chip is not of this session")
        if not body.startswith(b"\x87"):
            return b""
        start = 2 if body[1] < 0x80 else 3
        length = body[start - 1]
        plain = eac.EAC_decrypt(context, self.give(body[start + 1 : start + length]))
        return self.take(eac.EAC_remove_iso_pad(self.whole(plain)))

    def file(self, identifier: int) -> bytes:
        """The whole of a file, whose length stands at its head."""
        data = self.protected(bytes([0x00, 0xB0, 0x80 | identifier, 0]), expected=b"\4")
        long = data[1] & 0x7F if data[1] & 0x80 else 0
        whole = 2 + long + (int.from_bytes(data[2 : 2 + long], "big") if long else data[1])
        while len(data) < whole:
            header = b"\x00\xb0" + struct.pack(">H", len(data))
            count = min(PIECE, whole - len(data))
            data += self.protected(header, expected=bytes([count]))
        return data

    def code(self, data: bytes) -> bytes:
        padded = self.whole(self.eac.EAC_add_iso_pad(self.context, self.give(data)))
        return self.take(self.eac.EAC_authenticate(self.context, padded))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("port", type=int)
    parser.add_argument("can")
    parser.add_argument("--files", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    reader = Reader(options.port)
    reader.open(options.can)
    reader.protected(b"\x00\xa4\x04\x0c", APPLICATION)
    names = FILES if options.files else ["dg1"]
    read = {name: reader.file(FILES[name]) for name in names}
    if options.files:
        for name, data in read.items():
            (options.files / name).write_bytes(data)
    print(read["dg1"][-90:].decode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
