#!/usr/bin/env python3
"""A Vietnamese ID card's chip in software, for tests: PACE and BAC, secure messaging, EF.CardAccess,
EF.COM, DG1, DG2, DG13, DG14, DG15 and a signed SOD, chip and active authentication.

It speaks to pcscd's virtual reader (`--vpcd HOST:PORT`) or to a test (`--listen PORT`, 0 for any;
the port is printed as `listening PORT`). It shares no code with the kiosk.
"""

import sys

from id_card.server import main

if __name__ == "__main__":
    sys.exit(main())
