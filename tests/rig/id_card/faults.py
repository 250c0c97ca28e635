"""What can go wrong with a card at its Nth command, and what cards of odd makes do."""

from dataclasses import dataclass

HELP = """faults, at the Nth command of a session (counted from 1):
  drop@N     the card leaves the field before it answers
  mute@N     the card says nothing more
  short@N    the answer is cut to one byte
  mac@N      the answer's MAC is wrong
  6982@N     the card refuses
  garbage@N  the answer is noise with a good status word
  slow:MS    each answer takes MS milliseconds longer

quirks:
  nomf       SELECT of the master file is answered 6D00, as some real cards do
  noaccess   there is no EF.CardAccess
  nosfi      short file identifiers are not understood before opening
  nodg13     DG13 is refused with 6982
  lockeddg13 DG13 is encrypted by the issuer
  nosod      there is no SOD
  noext      extended length is answered 6700
  oddext     extended length is answered 6E00
  strictle   an expected length beyond the chip's buffer is answered 6700
  warned     the chip warns of two tries left before PACE
"""
QUIRKS = {line.split()[0] for line in HELP.partition("quirks:\n")[2].splitlines() if line.strip()}
AT = ("drop", "mute", "short", "mac", "6982", "garbage")


@dataclass
class Fault:
    """One fault; the empty text is none."""

    kind: str = ""
    number: int = 0

    @classmethod
    def parse(cls, text: str) -> "Fault":
        if not text:
            return cls()
        kind, _, number = text.partition(":" if text.startswith("slow") else "@")
        if kind not in AT + ("slow",) or not number.isdecimal():
            raise ValueError(f"no such fault: {text}")
        return cls(kind, int(number))

    def strikes(self, kind: str, command: int) -> bool:
        return self.kind == kind and self.number == command

    @property
    def delay(self) -> float:
        return self.number / 1000 if self.kind == "slow" else 0.0
