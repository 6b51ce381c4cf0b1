"""A process in which several threads call functions while another one changes their store.

    python -m tests.functions.threads STORE

Prints the different answers, as JSON; a thread that is stopped says so on standard error.
"""

import json
import sys
import threading
from decimal import Decimal

from tests.builders import Shop
from timix_xl import functions as xl
from timix_xl.store.database import open_store

CALLS = 60
THREADS = 3
CHANGES = 12


def main(place: str) -> None:
    shop = Shop(open_store(place))
    told: set[float] = set()

    def call() -> None:
        for _ in range(CALLS):
            told.add(xl.TIMIX_PO_TOTAL("FO"))
            xl.TIMIX_UNBILLED_HOURS("ACME")

    threads = [threading.Thread(target=call) for _ in range(THREADS)]
    for one in threads:
        one.start()
    for at in range(CHANGES):
        shop.change("customers", {"code": "ACME"}, bill_rate=Decimal(101 + at))
    for one in threads:
        one.join()
    print(json.dumps(sorted(told)))


if __name__ == "__main__":
    main(sys.argv[1])
