"""What stands in the codes: invented persons, tickets and receipts. Nobody is meant by any of it."""

import zlib

import numpy as np

FAMILY_NAMES = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split()
MIDDLE_NAMES = "Văn Thị Hữu Đức Minh Ngọc Quốc Thanh Thị Thu Thị Bích Xuân Công".split()
GIVEN_NAMES = (
    "An Bình Cường Dũng Giang Hà Hạnh Hiếu Hòa Huệ Hưng Khánh Lan Linh Long Mai Nam Nga Nhung "
    "Phúc Phương Quang Quỳnh Sơn Thảo Thắng Thủy Trang Tuấn Uyên Vinh Yến"
).split()
STREETS = [
    "Trần Hưng Đạo", "Lê Hồng Phong", "Điện Biên", "Nguyễn Du", "Hàn Thuyên", "Trường Chinh", "Giải Phóng",
    "Mạc Thị Bưởi",
]  # fmt: skip
COMMUNES = [
    "Phường Vị Xuyên", "Phường Lộc Vượng", "Xã Mỹ Phúc", "Xã Yên Đồng", "Thị trấn Quất Lâm", "Xã Hải Phương",
    "Phường Trần Tế Xương",
]  # fmt: skip
# Cards of before July 2025 still name districts.
DISTRICTS = [
    "Thành phố Nam Định, Nam Định", "Ý Yên, Nam Định", "Hải Hậu, Nam Định", "Giao Thủy, Nam Định",
    "Nghĩa Hưng, Nam Định", "Vụ Bản, Nam Định",
]  # fmt: skip


def chance(*key) -> np.random.Generator:
    """Randomness of its own for each picture: a part of the set is the same as in the whole."""
    return np.random.default_rng([zlib.crc32(part.encode()) if isinstance(part, str) else int(part) for part in key])


def pick(rng, choices):
    return choices[int(rng.integers(len(choices)))]


def between(rng, low, high) -> float:
    return float(rng.uniform(low, high))


def words(rng, choices, count: int) -> str:
    return " ".join(pick(rng, choices) for _ in range(count))


def person(rng) -> str:
    """The seven fields of a citizen identity card's printed code."""
    name = f"{pick(rng, FAMILY_NAMES)} {pick(rng, MIDDLE_NAMES)} {pick(rng, GIVEN_NAMES)}"
    if rng.random() < 0.3:
        name = (
            f"{pick(rng, FAMILY_NAMES)} {pick(rng, MIDDLE_NAMES)} {pick(rng, GIVEN_NAMES)} {pick(rng, GIVEN_NAMES)}"
        )
    houses = [
        f"Số {rng.integers(1, 300)}, Đường {pick(rng, STREETS)}, ",
        f"Tổ {rng.integers(1, 30)}, ",
        f"Xóm {rng.integers(1, 20)}, ",
    ]
    address = pick(rng, houses) + f"{pick(rng, COMMUNES)}, {pick(rng, DISTRICTS)}"
    number = "0" + digits(rng, 11)
    old_number = "" if rng.random() < 0.3 else digits(rng, 9)
    born = date(rng, 1945, 2010)
    sex = pick(rng, ["Nam", "Nữ"])
    return f"{number}|{old_number}|{name}|{born}|{sex}|{address}|{date(rng, 2021, 2026)}"


def payload(rng, paper: str) -> str:
    """What a code on such a paper says."""
    if paper in ("card", "phone"):
        return person(rng)
    if paper == "ticket":
        return ticket(rng)
    file_number = f"H{rng.integers(10, 99)}.{rng.integers(10, 99)}-{rng.integers(200000, 269999)}"
    file_number += f"-{rng.integers(1, 9999):04d}"
    return f"https://tracuu.example.vn/ho-so/{file_number}?ten={pick(rng, FAMILY_NAMES)}"


def ticket(rng) -> str:
    number = f"{pick(rng, list('ABCD'))}{rng.integers(1, 999):03d}"
    link = f"https://dichvucong.example.vn/hang-doi?ve={number}&quay={rng.integers(1, 12)}"
    link += f"&ngay=2026{rng.integers(1, 13):02d}{rng.integers(1, 29):02d}"
    line = f"VE|{number}|Quầy {rng.integers(1, 12)}|{rng.integers(7, 17):02d}:{rng.integers(0, 60):02d}|Đăng ký khai sinh"
    return pick(rng, [link, line])


def digits(rng, count: int) -> str:
    return "".join(str(digit) for digit in rng.integers(0, 10, count))


def date(rng, first_year: int, last_year: int) -> str:
    return f"{rng.integers(1, 29):02d}{rng.integers(1, 13):02d}{rng.integers(first_year, last_year)}"
