"""An e-card in software: an ISO 7816-4 application with a file about its holder, put into vpcd.

The card proves nothing about itself, like most cards that agencies and companies give out: its
file can be copied onto another card, and its serial number (FF CA) can be chosen freely.
A fault strikes once, at the command it names, counted from 1 after the card was put in.
"""
import argparse
import pathlib
import socket
import struct
import sys
import time

NEAR = bytes.fromhex("3B8180018080")  # as a reader makes it up for a card without contacts
CONTACTS = bytes.fromhex("3B8001 81".replace(" ", ""))
APPLICATION = bytes.fromhex("F04D4F5443554101")
SERIAL = bytes.fromhex("04112233445566")
OK, MORE, RIGHT_LENGTH = 0x9000, 0x6100, 0x6C00
REFUSED, NOT_FOUND, NO_FILE, OFF_END, UNKNOWN = 0x6982, 0x6A82, 0x6986, 0x6B00, 0x6D00
HOLDER = {
    0x80: "001099000001",
    0x81: "Nguyễn Văn An",
    0x82: "15/01/1999",
    0x83: "Nam",
    0x84: "Số 10 phố Thử Nghiệm, Hà Nội",
    0x85: "01/07/2026",
}
SPOILED = {
    "number": {0x80: b"00109900000"},
    "name": {0x81: "Nguyễn Văn An".encode("utf-16-le")},
    "all": None,
}
FAULTS = """faults: mute@N        says nothing to command N and all after it, until it is taken out
        drop@N        is taken out when command N comes
        short@N       answers command N with one byte
        refuse@N      answers command N with 6982
        slow:MS       thinks for MS milliseconds before each answer"""


def tlv(tag, value):
    length = len(value)
    head = bytes([length]) if length < 0x80 else b"\x81" + bytes([length])
    return bytes([tag]) + head + value


def holder_file(holder, spoiled=""):
    """The holder's file; spoiled ones lack a digit, are in other letters, or are no TLV at all."""
    if spoiled == "all":
        return b"\x70\x20 nothing in here is as it should be"
    values = {tag: text.encode() for tag, text in holder.items()}
    values.update(SPOILED[spoiled] if spoiled else {})
    return tlv(0x70, b"".join(tlv(tag, value) for tag, value in values.items()))


def parse(apdu):
    """Class, instruction, parameters, data and expected length (none: no answer expected)."""
    head, body = apdu[:4], apdu[4:]
    if not body:
        return (*head, b"", None)
    if len(body) == 1:
        return (*head, b"", body[0] or 256)
    if body[0] == 0 and len(body) == 3:
        return (*head, b"", int.from_bytes(body[1:], "big") or 65536)
    wide = body[0] == 0
    start = 3 if wide else 1
    size = int.from_bytes(body[1:3], "big") if wide else body[0]
    data, rest = body[start : start + size], body[start + size :]
    full = 65536 if wide else 256
    return (*head, data, (int.from_bytes(rest, "big") or full) if rest else None)


class Card:
    def __init__(self, files, contacts, application=APPLICATION):
        self.files, self.contacts, self.application = files, contacts, application
        self.reset()

    def reset(self):
        self.selected, self.file, self.waiting = False, None, b""

    def answer(self, apdu):
        _cla, ins, p1, p2, data, expected = parse(apdu)
        if apdu[:2] == b"\xff\xca":  # the reader answers this in life
            return self.give(SERIAL, expected)
        if ins == 0xC0 and self.contacts:
            return self.fetch(expected)
        if ins == 0xA4:
            return self.select(p1, data), b""
        if ins == 0xB0:
            return self.read(p1 << 8 | p2, expected)
        return UNKNOWN, b""

    def select(self, how, name):
        if how == 0x04:
            self.selected, self.file = name == self.application, None
            return OK if self.selected else NOT_FOUND
        self.file = self.files.get(name.hex()) if self.selected else None
        return OK if self.file is not None else NOT_FOUND

    def read(self, offset, expected):
        if self.file is None:
            return NO_FILE, b""
        if offset > len(self.file):
            return OFF_END, b""
        return self.give(self.file[offset:], expected)

    def give(self, data, expected):
        """As much as was asked for; under T=0 in two steps, or with the right length told."""
        if not self.contacts:
            return OK, data[: expected or 256]
        if expected and expected < 256 and expected > len(data):
            return RIGHT_LENGTH | len(data), b""
        self.waiting = data[: expected or 256]
        return MORE | len(self.waiting) & 0xFF, b""

    def fetch(self, expected):
        """16 bytes at a time, so that a reader has to come back."""
        part, self.waiting = self.waiting[:16], self.waiting[16:]
        return (MORE | min(len(self.waiting), 255) if self.waiting else OK), part


class Fault:
    def __init__(self, text):
        self.kind, _, number = text.partition("@" if "@" in text else ":")
        self.number = int(number or 0)
        if self.kind not in ("", "mute", "drop", "short", "refuse", "slow"):
            sys.exit(f"no such fault: {text}")

    def strike(self, count, reply):
        """What is said instead of the reply, if anything."""
        if self.kind == "slow":
            time.sleep(self.number / 1000)
        elif self.kind == "mute" and count >= self.number:
            return None
        elif count == self.number:
            if self.kind == "drop":
                sys.exit(0)
            return {"short": b"\x90", "refuse": struct.pack(">H", REFUSED)}.get(self.kind, reply)
        return reply


def serve(card, fault, port, log):
    count = 0
    with socket.create_connection(("127.0.0.1", port)) as reader:
        reader.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = reader.makefile("rb")
        while head := stream.read(2):
            message = stream.read(*struct.unpack(">H", head))
            if len(message) > 1:
                count += 1
                status, data = card.answer(message)
                reply = fault.strike(count, data + struct.pack(">H", status))
                if log:
                    with log.open("a") as lines:
                        lines.write(f"{message.hex()}\n")
                if reply is None:
                    continue
            elif message == b"\x04":
                reply = CONTACTS if card.contacts else NEAR
            else:  # power off, power on, reset
                card.reset()
                continue
            reader.sendall(struct.pack(">H", len(reply)) + reply)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=FAULTS, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=35963, help="vpcd's port")
    parser.add_argument("--fault", default="", help="see below")
    parser.add_argument("--contacts", action="store_true", help="be a card with contacts, T=0")
    parser.add_argument("--log", type=pathlib.Path, help="append each command to this file")
    parser.add_argument("--application", type=bytes.fromhex, default=APPLICATION, help="another")
    parser.add_argument("--spoiled", choices=SPOILED, default="", help="what of the file is wrong")
    options = parser.parse_args()
    picture = bytes(number % 251 for number in range(3000))
    files = {"0101": holder_file(HOLDER, options.spoiled), "0102": picture}
    serve(Card(files, options.contacts, options.application), Fault(options.fault), options.port, options.log)


main()
