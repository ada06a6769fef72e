"""What a stage needs ("vendor", "reference"), as the text of one message: the log holds its id."""

from collections.abc import Iterable, Mapping


def in_lines(stated: Mapping[str, str]) -> str:
    """Returns a line for each need of which something is stated."""
    words = {need: " ".join(text.split()) for need, text in stated.items()}
    return "\n".join(f"{need}: {text}" for need, text in words.items() if text)


def from_lines(text: str, needs: Iterable[str]) -> dict[str, str]:
    """Returns what the lines state of these needs."""
    lines = text.splitlines()
    return {
        need: line.removeprefix(f"{need}: ")
        for need in needs
        for line in lines
        if line.startswith(f"{need}: ")
    }
