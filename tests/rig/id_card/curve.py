"""Points on elliptic curves in plain integers: PACE multiplies a mapped generator, which libraries
do not offer. Slow and not constant in time, as a test's card may be."""

import secrets
from dataclasses import dataclass

Point = tuple[int, int] | None


@dataclass(frozen=True)
class Curve:
    """y² = x³ + ax + b over the prime p, with a generator of prime order n."""

    name: str
    parameter_id: int
    p: int
    a: int
    b: int
    generator: Point
    n: int

    @property
    def octets(self) -> int:
        return (self.p.bit_length() + 7) // 8

    def add(self, left: Point, right: Point) -> Point:
        if left is None or right is None:
            return right if left is None else left
        (x1, y1), (x2, y2) = left, right
        if x1 == x2:
            if (y1 + y2) % self.p == 0:
                return None
            slope = (3 * x1 * x1 + self.a) * pow(2 * y1, -1, self.p)
        else:
            slope = (y2 - y1) * pow(x2 - x1, -1, self.p)
        x = (slope * slope - x1 - x2) % self.p
        return x, (slope * (x1 - x) - y1) % self.p

    def multiply(self, factor: int, point: Point) -> Point:
        product = None
        while factor:
            if factor & 1:
                product = self.add(product, point)
            point = self.add(point, point)
            factor >>= 1
        return product

    def pair(self, generator: Point) -> tuple[int, Point]:
        """A fresh private number with its point."""
        private = secrets.randbelow(self.n - 1) + 1
        return private, self.multiply(private, generator)

    def encode(self, point: Point) -> bytes:
        assert point is not None
        return b"\x04" + b"".join(number.to_bytes(self.octets, "big") for number in point)

    def decode(self, data: bytes) -> Point:
        if len(data) != 1 + 2 * self.octets or data[0] != 4:
            raise ValueError("not an uncompressed point")
        x = int.from_bytes(data[1 : 1 + self.octets], "big")
        y = int.from_bytes(data[1 + self.octets :], "big")
        if (y * y - x * x * x - self.a * x - self.b) % self.p or x >= self.p or y >= self.p:
            raise ValueError("not on the curve")
        return x, y

    def shared(self, private: int, public: bytes) -> bytes:
        """The x coordinate of a key agreement."""
        point = self.multiply(private, self.decode(public))
        if point is None:
            raise ValueError("the agreed point is at infinity")
        return point[0].to_bytes(self.octets, "big")


CURVES = {
    curve.name: curve
    for curve in (
        Curve(
            "P-256",
            12,
            0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
            -3,
            0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
            (
                0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
                0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
            ),
            0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
        ),
        Curve(
            "brainpoolP256r1",
            13,
            0xA9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377,
            0x7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9,
            0x26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6,
            (
                0x8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262,
                0x547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997,
            ),
            0xA9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7,
        ),
        Curve(
            "P-384",
            15,
            2**384 - 2**128 - 2**96 + 2**32 - 1,
            -3,
            0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
            (
                0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
                0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
            ),
            0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
        ),
    )
}
