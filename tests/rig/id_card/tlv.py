"""BER-TLV, as commands and files of a chip are written."""


def pack(tag: int, *values: bytes) -> bytes:
    """One data object: tag, length, values one after another."""
    value = b"".join(values)
    return tag.to_bytes((tag.bit_length() + 7) // 8, "big") + length(len(value)) + value


def length(count: int) -> bytes:
    if count < 0x80:
        return bytes([count])
    octets = count.to_bytes((count.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets


def unpack(data: bytes) -> list[tuple[int, bytes]]:
    """All data objects of a string; ValueError where it is none."""
    found, at = [], 0
    while at < len(data):
        tag, at = _tag(data, at)
        count, at = _length(data, at)
        if at + count > len(data):
            raise ValueError("a data object is longer than what there is")
        found.append((tag, data[at : at + count]))
        at += count
    return found


def first(data: bytes, tag: int) -> bytes:
    """The value of the first object with that tag."""
    for found, value in unpack(data):
        if found == tag:
            return value
    raise ValueError(f"no {tag:x}")


def _tag(data: bytes, at: int) -> tuple[int, int]:
    tag, at = data[at], at + 1
    if tag & 0x1F == 0x1F:
        if at >= len(data):
            raise ValueError("half a tag")
        tag, at = tag << 8 | data[at], at + 1
    return tag, at


def _length(data: bytes, at: int) -> tuple[int, int]:
    if at >= len(data):
        raise ValueError("no length")
    count, at = data[at], at + 1
    if count & 0x80:
        octets = count & 0x7F
        if at + octets > len(data):
            raise ValueError("half a length")
        count, at = int.from_bytes(data[at : at + octets], "big"), at + octets
    return count, at
