"""Invented people. Their numbers, names and addresses belong to nobody."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """What a card says; the dates as the card's DG13 writes them."""

    number: str
    name: str
    latin: str
    birth: str
    sex: str
    ethnicity: str
    religion: str
    home_town: str
    residence: str
    features: str
    issued: str
    expiry: str
    parents: tuple[str, str]
    spouse: str = ""
    former_number: str = ""

    @property
    def access_number(self) -> str:
        return self.number[-6:]

    @property
    def lines(self) -> str:
        """The machine-readable lines, one after another."""
        first = "IDVNM" + checked(self.number[3:]) + (self.number + "<<" + check(self.number))
        birth, expiry = six(self.birth), six(self.expiry)
        second = checked(birth) + ("M" if self.sex == "Nam" else "F") + checked(expiry) + "VNM"
        second += "<" * 11
        second += check(first[5:30] + second[:7] + second[8:15] + second[18:29])
        family, _, given = self.latin.partition(" ")
        third = f"{family}<<{given.replace(' ', '<')}"
        return first + second + third.ljust(30, "<")[:30]

    @property
    def information(self) -> str:
        """The part of the lines that opens the chip."""
        return checked(self.number[3:]) + checked(six(self.birth)) + checked(six(self.expiry))


def check(field: str) -> str:
    values = ("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".find(letter) for letter in field)
    weights = (7, 3, 1) * len(field)
    return str(sum(max(value, 0) * weight for value, weight in zip(values, weights)) % 10)


def checked(field: str) -> str:
    return field + check(field)


def six(date: str) -> str:
    """15/01/1999 as 990115; a card without expiry says 31/12/2099 in its lines."""
    if "/" not in date:
        return "991231"
    day, month, year = date.split("/")
    return year[2:] + month + day


PERSONS = {
    "an": Person(
        "001099000001", "Nguyễn Văn An", "NGUYEN VAN AN", "15/01/1999", "Nam", "Kinh", "Không",
        "Hoàn Kiếm, Hà Nội", "Số 1 Phố Thử, Phường Thử, Hoàn Kiếm, Hà Nội",
        "Nốt ruồi C:1cm trên sau mép phải", "20/05/2021", "15/01/2039",
        ("Nguyễn Văn Bố", "Trần Thị Mẹ"), former_number="012345678",
    ),
    "binh": Person(
        "079185000002", "Trần Thị Bình", "TRAN THI BINH", "03/07/1985", "Nữ", "Kinh", "Phật giáo",
        "Huyện Mẫu, TP. Hồ Chí Minh", "Ấp 2, Xã Mẫu, Huyện Mẫu, TP. Hồ Chí Minh",
        "Sẹo chấm C:2cm dưới mắt trái", "11/12/2022", "03/07/2045",
        ("Trần Văn Cha", "Lê Thị Má"), spouse="Phạm Văn Chồng",
    ),
    "niem": Person(
        "066040000003", "Y Blắc Niê", "Y BLAC NIE", "29/02/1940", "Nam", "Ê Đê", "Tin Lành",
        "Xã Ea Mẫu, Tỉnh Đắk Lắk", "Buôn Thử, Xã Ea Mẫu, Tỉnh Đắk Lắk", "Không",
        "04/10/2022", "Không thời hạn", ("Y Ama Niê", "H'Ami Êban"),
    ),
}
