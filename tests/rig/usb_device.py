"""The kernel's books about the simulated USB printer: descriptors, sysfs, device file, events."""

import struct

from gi.repository import UMockdev

SYSFS = "/sys/devices/pci0000:00/0000:00:14.0/usb1"
BUS = "bus/usb/001"
VENDOR, PRODUCT = 0x04B8, 0x0E15


def descriptors(serial: bool) -> bytes:
    """Device, configuration, one interface of class 7 that speaks both ways, two bulk endpoints."""
    device = struct.pack(
        "<BBHBBBBHHHBBBB", 18, 1, 0x0200, 0, 0, 0, 64, VENDOR, PRODUCT, 0x0100, 1, 2, 3 if serial else 0, 1
    )
    interface = struct.pack("<BBBBBBBBB", 9, 4, 0, 0, 2, 7, 1, 2, 0)
    endpoints = b"".join(struct.pack("<BBBBHB", 7, 5, address, 2, 64, 0) for address in (0x01, 0x82))
    length = 9 + len(interface) + len(endpoints)
    configuration = struct.pack("<BBHBBBBB", 9, 2, length, 1, 1, 0, 0xC0, 1)
    return device + configuration + interface + endpoints


def description(socket: str, number: int, serial: str | None) -> str:
    """A device in umockdev's words."""
    attributes = {
        "bConfigurationValue": "1",
        "bDeviceClass": "00",
        "bDeviceProtocol": "00",
        "bDeviceSubClass": "00",
        "bNumConfigurations": "1",
        "bcdDevice": "0100",
        "busnum": "1",
        "devnum": str(number),
        "devpath": socket.partition("-")[2],
        "idProduct": f"{PRODUCT:04x}",
        "idVendor": f"{VENDOR:04x}",
        "manufacturer": "EPSON",
        "product": "TM-T20",
        "speed": "12",
        "version": " 2.00",
    }
    if serial:
        attributes["serial"] = serial
    properties = {
        "BUSNUM": "001",
        "DEVNAME": f"/dev/{BUS}/{number:03}",
        "DEVNUM": f"{number:03}",
        "DEVTYPE": "usb_device",
        "DRIVER": "usb",
        "MAJOR": "189",
        "MINOR": str(number - 1),
        "SUBSYSTEM": "usb",
    }
    lines = [f"P: {SYSFS.removeprefix('/sys')}/{socket}", f"N: {BUS}/{number:03}"]
    lines += [f"E: {key}={value}" for key, value in properties.items()]
    lines += [f"A: {key}={value}\\n" for key, value in attributes.items()]
    lines += [f"H: descriptors={descriptors(serial is not None).hex().upper()}", ""]
    return "\n".join(lines)


class Plug:
    """The socket 1-1 and what is in it."""

    def __init__(self, serial: str | None) -> None:
        self.bed = UMockdev.Testbed.new()
        self.serial = serial
        self.number = 1
        self.is_in = False

    def root(self) -> str:
        return self.bed.get_root_dir()

    def put_in(self, device) -> None:
        """As the kernel does, under a number that was never used."""
        if self.is_in:
            return
        self.number += 1
        self.bed.add_from_string(description("1-1", self.number, self.serial))
        self.bed.attach_ioctl(f"/dev/{BUS}/{self.number:03}", device)
        self.bed.uevent(f"{SYSFS}/1-1", "add")
        self.is_in = True

    def pull(self) -> bool:
        if self.is_in:
            self.bed.uevent(f"{SYSFS}/1-1", "remove")
            self.bed.detach_ioctl(f"/dev/{BUS}/{self.number:03}")
            self.bed.remove_device(f"{SYSFS}/1-1")
            self.is_in = False
        return False

    def add_second(self) -> None:
        """A twin in another socket, which nothing may open: it has no device behind its file."""
        self.bed.add_from_string(description("1-2", 90, "0002"))
