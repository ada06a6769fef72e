"""A process that has loaded what `deskbook` commands need, and runs what it reads in forks of
itself: each is as new as a process of its own, and only one has imported a second of modules.

It reads lines of JSON, `[[command, word, …], …], file`; what they say goes into the file, and their
exit code out.
"""

import json
import os
import subprocess
import sys

import django

from deskbook import cli
from deskbook.server.loading import staying


class KeptCommands:
    """Runs `deskbook` commands in forks of one process, which is begun with this environment for
    the first of them; what they say goes through a file.
    """

    def __init__(self, environment, file):
        self.environment, self.file = environment, file
        self.process = None

    def run(self, commands, ends_in=0):
        """Run one after the other; return what they said. All have to end well, or the worst of
        them in another code.
        """
        self.process = self.process or self._begun()
        self.process.stdin.write(json.dumps([commands, str(self.file)]) + "\n")
        self.process.stdin.flush()
        code = self.process.stdout.readline()
        assert code == f"{ends_in}\n", self.file.read_text()
        return self.file.read_text()

    def _begun(self):
        return subprocess.Popen(
            [sys.executable, "-m", "tests.stories.kept_commands"],
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "deskbook.config.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def end(self):
        if self.process:
            self.process.communicate()


def main() -> None:
    with staying():
        django.setup()
        import deskbook.people.books  # for all of them
        import deskbook.server.accounts
        import deskbook.server.applying  # noqa: F401

    for line in sys.stdin:
        commands, file = json.loads(line)
        child = os.fork()
        if not child:
            said = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(said, 1)
            os.dup2(said, 2)
            sys.exit(max(map(cli.main, commands)))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(f"{code}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
