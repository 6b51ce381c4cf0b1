"""A process that writes: takes hours in and issues them, again and again.

    python -m tests.functions.writer STORE COUNT

Prints how many seconds each issue took, as JSON.
"""

import json
import sys
import time

from tests.builders import Shop
from timix_xl.store.database import open_store


def main(place: str, count: int) -> None:
    shop = Shop(open_store(place))
    taken = []
    for at in range(count):
        shop.time(*(f"W{at}-{one}" for one in range(5)))
        started = time.perf_counter()
        shop.issue(frame_order="FO")
        taken.append(time.perf_counter() - started)
    print(json.dumps(taken))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
