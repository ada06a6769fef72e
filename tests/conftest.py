"""What every test may use: the database, made when the first test asks for it; a running desk; a
real browser.
"""

import asyncio
import fcntl
import gc
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import settings

# Playwright's driver keeps an event loop in the test's thread; Django would refuse the ORM there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# How long an example takes says what else the machine does, not whether the arithmetic is right.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


ROOT = Path(__file__).parents[1]
STORIES = "tests/stories/test_"
TOGETHER = {
    STORIES + "kills": "kills",
    STORIES + "failover": "a pair of servers",
    STORIES + "spark": "a running desk",
    STORIES + "mukta": "a running desk",
    STORIES + "salama": "a running desk",
    STORIES + "a_day_at_salama": "a running desk",
    STORIES + "two_machines": "a running desk",
    "tests/upgrade/": "an old desk",
    "tests/server/test_applying": "a first start",
    "tests/server/test_founding": "a first start",
    STORIES + "a_desk_by_mail": "mail",
    STORIES + "a_desk_restored": "mail",
    "tests/server/test_embedded_postgres": "a PostgreSQL",
    "tests/config/test_logs": "ports",
    "tests/web/outsiders/": "two whole desks",
    "tests/lives/test_life": "a life",
    "tests/web/test_the_console_in_portuguese": "all that is said",
    "tests/web/portal/test_languages": "all that is said",
    "tests/jobs/test_states": "a month of letters",
    "tests/demo/test_month": "a month",
    "tests/test_patterns": "the source, read",
    "tests/test_unused": "the source, read",
    "tests/test_architecture": "the source, read",
    "tests/refusals/test_catalogue": "the source, read",
    "tests/test_words": "a wheel",
    "tests/book/test_mutations": "slips in books",
    "tests/web/test_static_files": "files collected",
}
"""How the names of files begin → what their tests share that takes long to make; or they take long
themselves. They begin in this order.
"""
WAITING = {
    "kills",
    "a pair of servers",
    "a running desk",
    "an old desk",
    "a first start",
    "mail",
    "a PostgreSQL",
    "ports",
}
"""Of these, what leaves a processor idle for most of its time."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """Two more than there are processors: that many tell stories, which mostly wait, for a page, a
    mail or a time.
    """
    return (os.cpu_count() or 1) + 2


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Keep tests on one worker that share what takes long to make: a running desk serves nearly all
    stories. What waits is for two of the workers, as long as there is any: were it done by all at
    once, nobody would work.

    The marks for it, which pytest-xdist 3.8 offers, have no effect under pytest 9.2.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return next(
                (what for begins, what in TOGETHER.items() if nodeid.startswith(begins)), nodeid
            )

        def _assign_work_unit(self, node):
            waits = self.nodes.index(node) < 2
            suits = (what for what in self.workqueue if (what in WAITING) == waits)
            self.workqueue.move_to_end(next(suits, next(iter(self.workqueue))), last=False)
            super()._assign_work_unit(node)

    config.option.loadscopereorder = False  # by their number, one that is long would come late
    return Together(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_configure(config):
    """Compile what people read if it is not, or was written anew: it is in no commit."""
    if hasattr(config, "workerinput") or _words_are_compiled():
        return
    subprocess.run(["make", "-s", "words"], check=True, cwd=ROOT)


def _words_are_compiled():
    written = ROOT.glob("deskbook/locale/*/LC_MESSAGES/django.po")
    return all(
        path.with_suffix(".mo").exists()
        and path.stat().st_mtime <= path.with_suffix(".mo").stat().st_mtime
        for path in written
    )


def pytest_collection_modifyitems(items):
    """Begin with what takes long: when it comes last, it leaves the other processors idle."""
    begins = list(TOGETHER)
    items.sort(
        key=lambda item: next(
            (at for at, begin in enumerate(begins) if item.nodeid.startswith(begin)), len(begins)
        )
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection(session):
    """What is imported stays: looking through it for rubbish took a fifth of the import, and, again
    and again, a tenth of all work.
    """
    gc.disable()
    try:
        _import_in_turn(session.config)
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def _import_in_turn(config):
    """Import the tests beginning at another of them on each worker, so that each compiles its part
    and finds the rest compiled: all at once, each compiled every file, for most of the time that
    collecting took. What cannot be imported is said by the collection itself, which comes next.
    """
    of_run = getattr(config, "workerinput", None)
    if of_run is None:
        return
    files = sorted(file for asked in config.args for file in _files_of(asked))
    begins = int(of_run["workerid"].removeprefix("gw")) * len(files) // of_run["workercount"]
    for file in files[begins:] + files[:begins]:
        with suppress(Exception):
            import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))


def _files_of(asked):
    place = (ROOT / asked.partition("::")[0]).resolve()
    return place.rglob("test_*.py") if place.is_dir() else [place]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request, django_db_modify_db_settings_parallel_suffix, django_db_blocker
):
    """Give Django the run's own PostgreSQL, shared by all its workers, unless DATABASE_URL names
    another.

    Whoever comes first starts it, and makes the tables that each worker gets a copy of; it stops
    and its folder goes when the last worker of the run is done.
    """
    if os.environ.get("DATABASE_URL"):
        yield
        return
    of_run = getattr(request.config, "workerinput", {})
    run = of_run.get("testrunuid", str(os.getpid()))
    home = Path(tempfile.gettempdir()) / f"deskbook-test-{os.getuid()}-{run[:12]}"
    with _cluster(home) as url:
        if of_run:
            with open(home / "tables.lock", "w") as lock, django_db_blocker.unblock():
                fcntl.flock(lock, fcntl.LOCK_EX)
                begin_with_tables(url)
        yield


@contextmanager
def _cluster(home):
    from django.db import connections
    from psycopg.conninfo import conninfo_to_dict

    from deskbook.server.embedded_postgres import running

    with running(home, throw_away=True) as url:
        parts = conninfo_to_dict(url)
        for settings in (connections.settings["default"], connections["default"].settings_dict):
            settings.update(HOST=parts["host"], USER=parts["user"])
        yield url


def begin_with_tables(url):
    """Let Django's database of the tests begin as a copy of one that has all tables, made if there
    is none.
    """
    from django.core.management import call_command
    from django.db import connection
    from psycopg import connect

    settings, name = connection.settings_dict, "begins_with_tables"
    with connect(url, autocommit=True) as server:
        if not server.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            server.execute(f"create database {name}")
            own, settings["NAME"] = settings["NAME"], name
            call_command("migrate", interactive=False, verbosity=0)
            connection.close()  # who is connected keeps it from being copied
            settings["NAME"] = own
    settings["TEST"].update(TEMPLATE=name, MIGRATE=False)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Empty the database after tests that commit in our own way, which is ten times as fast as
    Django's; at the end send away whoever is still in it, as no database is dropped under them.
    """
    from django.db import connection
    from django.test import TransactionTestCase

    from tests.emptying import empty

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: empty())
        yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def desk_process(django_db_setup):
    """Run the web server as the product does, on the worker's test database; return its address."""
    with web_server() as address:
        yield address


@contextmanager
def web_server(name="127.0.0.1", **settings):
    """Run a web server on the worker's test database, called `name` by who asks it; give its
    address.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    imports = (
        "from deskbook.config.environment import read; from deskbook.server.web_server import serve"
    )
    environment = {
        **os.environ,
        "DATABASE_URL": database_of_the_tests(),
        "DESKBOOK_PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(ROOT),
        **{setting: value.format(port=port) for setting, value in settings.items()},
    }
    with subprocess.Popen(
        [sys.executable, "-c", f"{imports}; serve(read())"], env=environment, start_new_session=True
    ) as process:
        _wait_for(port, process)
        yield f"http://{name}:{port}"
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def database_of_the_tests():
    from django.db import connection
    from psycopg.conninfo import make_conninfo

    settings = connection.settings_dict
    named = {
        "dbname": "NAME",
        "host": "HOST",
        "user": "USER",
        "password": "PASSWORD",
        "port": "PORT",
    }
    return make_conninfo(**{part: settings[key] for part, key in named.items() if settings[key]})


def _wait_for(port, process):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the web server did not start; its own words are above")


@pytest.fixture
def live_desk(desk_process, transactional_db):
    """The address of a running desk whose database this test may fill; it is emptied afterwards."""
    return desk_process


@pytest.fixture(scope="session")
def chromium():
    """One headless Chromium for all of the worker's tests. No browser is a failure, never a
    skip.
    """
    from playwright.sync_api import expect, sync_playwright

    from tests.browser import WHAT_TO_DO, found

    # As long as Playwright waits for a page; its five seconds say how busy we are.
    expect.set_options(timeout=30_000)

    path = found()
    if not path:
        pytest.fail(WHAT_TO_DO)
    quiet = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
    ]
    with sync_playwright() as playwright:
        letters = {**os.environ, "FONTCONFIG_FILE": str(Path(__file__).parent / "fonts/fonts.conf")}
        browser = playwright.chromium.launch(executable_path=path, args=quiet, env=letters)
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Take Playwright's event loop away from tests that drive no browser, for the whole of each.

    It stays marked as running in this thread for the worker's life: `asyncio.run` refuses to start
    there, and Django keeps another set of connections there than without it, so it may not change
    within one test.
    """
    if "chromium" in item.fixturenames:
        return (yield)
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(loop)


@pytest.fixture
def page(chromium, live_desk):
    """A new browser window at the running desk: relative addresses work; an error in a script fails
    the test.
    """
    context = chromium.new_context(base_url=live_desk, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None,
    )
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def sign_in(live_desk):
    """Return a function that signs a user in to a page (`sign_in(page, user)`) without going
    through the mail.
    """
    from django.conf import settings
    from django.test import Client

    def sign_in(page, user):
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_desk}]
        )

    return sign_in


@pytest.fixture
def sink(settings):
    """The mail server that mail leaves by; it keeps what it gets, or says what it is told to."""
    from tests.channels.email.mail_server import OnAnyPort, Sink

    sink = Sink()
    controller = OnAnyPort(sink, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield sink
    controller.stop()


@pytest.fixture(autouse=True)
def _english():
    """Begin each test in the desk's own language: Django leaves a thread in that of its last
    request.
    """
    from django.conf import settings
    from django.utils import translation

    if settings.configured:  # tests of the engine run without Django too
        translation.deactivate()


@pytest.fixture(autouse=True)
def _no_jobs_left(request):
    """Empty the queue after a test whose transactions last: Django, which empties all other tables
    then, does not know it.
    """
    mark = request.node.get_closest_marker("django_db")
    lasts = {"transactional_db", "live_server"} & set(request.fixturenames)
    if not lasts and not (mark and mark.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")
