#!/usr/bin/env python3
"""Asks a printer how it is with python-escpos, a client that is not ours.

    escpos_status.py HOST PORT

prints one line of JSON: {"online": bool, "paper": 0 none | 1 low | 2 enough}.
"""

import json
import sys

from escpos.printer import Network


def main() -> int:
    host, port = sys.argv[1], int(sys.argv[2])
    printer = Network(host, port, timeout=10)
    print(json.dumps({"online": printer.is_online(), "paper": printer.paper_status()}))
    printer.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
