"""`deskbook play` on the command line."""

import argparse
from pathlib import Path

from deskbook.scenario import report, sentences_page


def play(arguments: list[str]) -> int:
    """Runs `deskbook play`; returns 1 when a scenario is wrong or came out otherwise."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.docs:
        (Path(asked.docs) / "scenarios.md").write_text(sentences_page.page(), encoding="utf-8")
        return 0
    files = [file for name in asked.scenarios for file in report.scenario_files(Path(name))]
    if not files:
        parser.error("no scenario given: name files or folders of *.scenario.yaml")
    passed = failed = 0
    for file in files:
        played = report.play_file(file)
        passed, failed = passed + played.passed, failed + played.failed
        for line in played.lines(as_json=asked.json, timelines=asked.timeline):
            print(line)
    if not asked.json:
        print(f"{passed} passed" + (f", {failed} failed" if failed else ""))
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="deskbook play",
        description="Run scenarios on the production engine, in a made-up time. "
        "A folder stands for every scenario in it.",
        epilog="the sentences a scenario may use are listed in docs/book/scenarios.md",
    )
    parser.add_argument(
        "scenarios", nargs="*", metavar="SCENARIO", help="*.scenario.yaml, or a folder of them"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a scenario")
    parser.add_argument(
        "--timeline", action="store_true", help="the timeline of passing scenarios too"
    )
    parser.add_argument(
        "--docs", metavar="DIR", help="write the page of every sentence there instead"
    )
    return parser
