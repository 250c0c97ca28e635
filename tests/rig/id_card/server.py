"""Puts a card together from options and lets it speak."""

import argparse
import random
import socket
import struct
import threading
import time
from pathlib import Path

from . import files
from .chip import Card, Chip
from .ciphers import SUITES
from .curve import CURVES
from .faults import HELP, QUIRKS, Fault
from .genuine import ChipKey, EcdsaKey, RsaKey
from .issuer import SIGNERS, Issuer
from .persons import PERSONS

ATR = bytes.fromhex("3B80800101")
OFF, ON, RESET, GET_ATR = 0, 1, 2, 4
# No command begins with FF (ISO/IEC 7816-4, 5.1.1): after it, a test sets the session's fault.
SET_FAULT = 0xFF


class Closed(Exception):
    """The other side has gone."""


def main() -> int:
    options = parse()
    card = make(options)
    if options.vpcd:
        while True:
            host, _, port = options.vpcd.rpartition(":")
            with socket.create_connection((host or "127.0.0.1", int(port))) as line:
                print("inserted", flush=True)
                serve(line, card, options)
            print("pulled", flush=True)
            if options.again is None:
                return 0
            time.sleep(options.again)
            options.fault = Fault()
    with socket.create_server(("127.0.0.1", options.listen)) as listener:
        print("listening", listener.getsockname()[1], flush=True)
        while True:
            line, _ = listener.accept()
            threading.Thread(target=serve, args=(line, card, options), daemon=True).start()


def serve(line: socket.socket, card: Card, options) -> None:
    """One insertion of the card: until it is pulled or the reader goes."""
    with line:
        answer_all(line, card, options)


def answer_all(line: socket.socket, card: Card, options) -> None:
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    chip, fault, number = Chip(card), options.fault, 0
    try:
        while True:
            message = receive(line)
            if len(message) == 1:
                # The reader asks for the ATR several times a second, to see whether a card is there.
                if message[0] == GET_ATR:
                    send(line, ATR)
                else:
                    chip.reset()
                continue
            if message[0] == SET_FAULT:
                fault = Fault.parse(message[1:].decode())
                continue
            number += 1
            if fault.strikes("drop", number):
                return
            if fault.strikes("mute", number):
                while True:
                    receive(line)
            time.sleep(fault.delay)
            answer = spoilt(chip, message, fault, number)
            if options.verbose:
                print(number, ">", message.hex(), "<", answer.hex(), flush=True)
            send(line, answer)
    except (Closed, ConnectionError):
        return


def spoilt(chip: Chip, message: bytes, fault: Fault, number: int) -> bytes:
    answer = chip.answer(message, spoil_mac=fault.strikes("mac", number))
    if fault.strikes("6982", number):
        return b"\x69\x82"
    if fault.strikes("short", number):
        return answer[:1]
    if fault.strikes("garbage", number):
        return random.Random(number).randbytes(len(answer) + 5) + answer[-2:]
    return answer


def receive(line: socket.socket) -> bytes:
    return exactly(line, struct.unpack(">H", exactly(line, 2))[0])


def exactly(line: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = line.recv(count - len(data))
        if not piece:
            raise Closed
        data += piece
    return data


def send(line: socket.socket, message: bytes) -> None:
    line.sendall(struct.pack(">H", len(message)) + message)


def make(options) -> Card:
    """Issues the card; writes the authority's certificate where it was asked for."""
    person = PERSONS[options.person]
    suite, curve = SUITES[options.suite], CURVES[options.curve]
    chip_key = active_key = None
    if options.chip_authentication != "none":
        chip_key = ChipKey(curve, SUITES[options.chip_authentication], options.copied)
    kind, _, digest = options.active_authentication.partition("-")
    if kind == "ecdsa":
        active_key = EcdsaKey(options.curve, options.copied)
    elif kind != "none":
        active_key = RsaKey(int(kind.removeprefix("rsa")), digest or "sha1", options.copied)
    access = files.card_access(suite.number, curve.parameter_id)
    inside = {
        files.DG1: files.dg1(person),
        files.DG2: files.dg2(options.face, options.picture),
        files.DG13: files.dg13(person),
    }
    if "lockeddg13" in options.quirk:
        inside[files.DG13] = b"\x6d\x82\x01\x00" + random.Random(13).randbytes(256)
    if chip_key or kind == "ecdsa":
        key, number = (chip_key.public, chip_key.suite.number) if chip_key else (None, 0)
        inside[files.DG14] = files.dg14(key, number, kind == "ecdsa", b"")
    if active_key:
        inside[files.DG15] = files.dg15(active_key.public)
    poses_as = Path(options.pose_as).read_bytes() if options.pose_as else None
    issuer = Issuer(SIGNERS[options.signer], poses_as)
    if options.authority:
        Path(options.authority).write_bytes(issuer.authority_pem)
    if "nosod" not in options.quirk:
        groups = {name & 0xFF: data for name, data in inside.items()}
        inside[files.SOD] = issuer.security_object(groups)
    inside[files.COM] = files.com([name for name in inside if name != files.SOD])
    for name in options.tamper:
        tamper(inside, name)
    opens_with = set(options.opens_with.split(","))
    has_access = "pace" in opens_with and "noaccess" not in options.quirk
    return Card(
        outside={files.CARD_ACCESS: access} if has_access else {},
        inside=inside,
        information=person.information,
        access_number=options.can or person.access_number,
        suite=suite,
        curve=curve,
        opens_with=opens_with,
        chip_key=chip_key,
        active_key=active_key,
        quirks=set(options.quirk),
        buffer=options.buffer,
    )


def tamper(inside: dict[int, bytes], name: str) -> None:
    """Changes a file after it was signed, so that it still parses."""
    if name == "dg1":
        inside[files.DG1] = inside[files.DG1].replace(b"NGUYEN<<VAN<AN<", b"NGUYEN<<VAN<BA<")
    elif name == "dg13":
        inside[files.DG13] = inside[files.DG13].replace("Văn An".encode(), "Văn Ba".encode())
    else:
        file = {"dg2": files.DG2, "dg14": files.DG14, "sod": files.SOD}[name]
        data = inside[file]
        inside[file] = data[:-1] + bytes([data[-1] ^ 1])


def parse():
    parser = argparse.ArgumentParser(
        prog="id_card.py",
        description="A Vietnamese ID card's chip in software, for tests.",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--vpcd", metavar="HOST:PORT", help="pcscd's virtual reader, usually :35963")
    where.add_argument("--listen", metavar="PORT", type=int, help="wait for a test; 0 for any port")
    parser.add_argument("--person", choices=PERSONS, default="an")
    parser.add_argument("--can", help="an access number other than the printed one")
    parser.add_argument("--opens-with", default="pace,bac", help="pace, bac or both (default)")
    parser.add_argument("--suite", choices=SUITES, default="AES-128", help="PACE's ciphers")
    parser.add_argument("--curve", choices=CURVES, default="brainpoolP256r1")
    parser.add_argument("--chip-authentication", choices=[*SUITES, "none"], default="AES-128")
    parser.add_argument(
        "--active-authentication",
        choices=["none", "ecdsa", "rsa1024", "rsa2048", "rsa2048-sha256", "rsa2048-sha512"],
        default="ecdsa",
    )
    parser.add_argument("--signer", choices=SIGNERS, default="brainpoolP256r1", help="of the SOD")
    parser.add_argument("--authority", metavar="FILE", help="write the CSCA's certificate (PEM)")
    parser.add_argument("--pose-as", metavar="FILE", help="forge the issuer with this certificate")
    parser.add_argument("--face", type=int, default=18000, help="about how many bytes of picture")
    parser.add_argument("--picture", choices=["jpeg", "jp2"], default="jpeg")
    parser.add_argument("--buffer", type=int, default=2048, help="the longest answer in bytes")
    parser.add_argument("--copied", action="store_true", help="the files without the chip's keys")
    parser.add_argument(
        "--tamper", action="append", default=[], choices=["dg1", "dg2", "dg13", "dg14", "sod"]
    )
    parser.add_argument("--fault", type=Fault.parse, default=Fault(), help="see below")
    parser.add_argument("--quirk", action="append", default=[], choices=sorted(QUIRKS))
    parser.add_argument(
        "--again", type=float, metavar="SECONDS", help="vpcd: lay the card on again once pulled"
    )
    parser.add_argument("--verbose", action="store_true", help="print every command and answer")
    return parser.parse_args()
