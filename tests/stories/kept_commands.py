"""A process that has loaded what `deskbook` commands need, and runs what it reads in forks of
itself: each is as new as a process of its own, and only one has imported a second of modules.

It reads lines of JSON, `[[command, word, …], …], file`; what they say goes into the file, and their
exit code out.
"""

import json
import os
import sys

import django

from deskbook import cli


def main() -> None:
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
