"""`make bench`: every ratio in one run, on a demo company of its own that is thrown away at the end.

Words narrow it: `build`, `door`, `exports` and `pages` name what is measured, a visitor or a page which lines
of the pages.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from dashboard.demo import make_demo
from tests.bench import building, door, exporting, pages

SUITES = frozenset({"build", "door", "pages", "exports"})


def main() -> int:
    """Print a line a figure; 1 where one is missed."""
    told = set(sys.argv[1:])
    only = frozenset(told - SUITES)
    wanted = told & SUITES or ({"pages"} if only else SUITES)
    missed = 0
    with tempfile.TemporaryDirectory() as made:
        scratch = Path(made)
        home = scratch / "home"
        if made_before := os.environ.get("BENCH_HOME"):
            shutil.copytree(made_before, home)
        else:
            make_demo(home, size="S", seed=7, anew=False)
        for name, lines in (
            ("build", lambda: building.measure(home, scratch)),
            ("door", lambda: door.measure(home)),
            ("exports", lambda: exporting.measure(scratch)),
            ("pages", lambda: pages.measure(home, scratch, only)),
        ):
            for line in lines() if name in wanted else ():
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()
                missed += line.ratio > line.limit
    sys.stdout.write(f"{missed} missed\n" if missed else "all kept\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
