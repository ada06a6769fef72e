"""What is written down for running a desk names what the product has."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.urls import resolve
from ruamel.yaml import YAML

from deskbook.cli import COMMANDS
from deskbook.config.environment import DEFAULTS
from deskbook.demo.choosing import DEFAULTS as OF_THE_DEMO

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
FILES = [file for file in DEPLOY.rglob("*") if file.is_file()]
PAGES = [*FILES, *(ROOT / "docs/operating").glob("*.md"), ROOT / "README.md"]
PORTS = {
    int(DEFAULTS[name].rpartition(":")[2])
    for name in ("DESKBOOK_PORT", "DESKBOOK_SMTP_LISTEN", "DESKBOOK_LMTP_LISTEN")
}
OTHERS = {"DATABASE_PASSWORD", "DESKBOOK_TOKEN"}
"""Compose's own, for its database; and what `deskbook mcp` reads, which runs apart from a desk."""


def texts(*ends):
    return {
        file.relative_to(DEPLOY).as_posix(): file.read_text()
        for file in FILES
        if file.name.endswith(ends)
    }


def documents(folder):
    return [
        one
        for file in sorted((DEPLOY / folder).glob("*.yaml"))
        for one in YAML(typ="safe").load_all(file.read_text())
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_each_setting_that_is_named_exists(page):
    named = set(re.findall(r"\b(?:DESKBOOK|DATABASE)_[A-Z_]+\b", page.read_text()))
    assert named - set(DEFAULTS) - set(OF_THE_DEMO) - OTHERS == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_each_file_a_page_leads_to_is_there(page):
    led_to = re.findall(
        r"\]\((?!https?:|#)([^)#]+)", page.read_text() if page.suffix == ".md" else ""
    )
    assert [link for link in led_to if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_each_command_that_is_named_exists(page):
    named = set(re.findall(r"(?:^|bin/|`)deskbook ([a-z]+)\b", page.read_text(), re.M))
    assert named - set(COMMANDS) == set()


def test_units_start_what_there_is_with_no_more_rights_than_it_needs():
    for name, unit in texts(".service").items():
        [started] = re.findall(r"^ExecStart=.*/opt/deskbook/bin/deskbook (\S+)", unit, re.M)
        assert started in (*COMMANDS, "%i"), name
        lines = set(unit.splitlines())
        assert {
            "User=deskbook",
            "NoNewPrivileges=yes",
            "ProtectSystem=strict",
            "CapabilityBoundingSet=",
        } <= lines, name


def test_containers_listen_where_the_product_does_and_are_asked_how_they_are():
    written = texts("Containerfile", "compose.yaml")
    for text in written.values():
        asked = re.findall(r"http://127\.0\.0\.1:(\d+)(/\w+)", text)
        assert {int(port) for port, _ in asked} == {8000} <= PORTS
        assert all(resolve(path) for _, path in asked)
    image = written["container/Containerfile"]
    exposed = re.search(r"^EXPOSE (.+)$", image, re.M)[1].split()
    assert {int(port) for port in exposed} == PORTS
    assert image.index("\nUSER 10001") < image.index("\nENTRYPOINT")
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", image, re.M):
        assert all((ROOT / source).exists() for source in copied.split())


def test_the_desk_of_compose_has_no_rights_and_nothing_of_it_is_open_to_others():
    [compose] = documents("container")
    desk = compose["services"]["desk"]
    assert desk["command"][0] in COMMANDS
    assert (desk["read_only"], desk["cap_drop"]) == (True, ["ALL"])
    assert not desk["user"].startswith("0")
    published = [one.rsplit(":", 2) for one in desk["ports"]]
    assert {host for host, _, _ in published} == {"127.0.0.1"}
    assert {int(port) for _, _, port in published} == PORTS


def test_the_parts_of_kubernetes_are_the_products_and_ask_at_addresses_there_are():
    all_of_it = documents("kubernetes")
    deployed = [one["spec"]["template"]["spec"] for one in all_of_it if one["kind"] == "Deployment"]
    assert {pod["containers"][0]["args"][0] for pod in deployed} == {"web", "worker", "mail"}
    for pod in deployed:
        assert pod["securityContext"]["runAsNonRoot"]
        for container in (*pod["containers"], *pod.get("initContainers", ())):
            assert container["args"][0] in COMMANDS
            assert container["securityContext"]["readOnlyRootFilesystem"]
            ports = {port["name"]: port["containerPort"] for port in container.get("ports", ())}
            assert set(ports.values()) <= PORTS
            for probe in (probe for name, probe in container.items() if name.endswith("Probe")):
                where = probe.get("httpGet") or probe["tcpSocket"]
                assert where["port"] in ports
                assert resolve(where.get("path", "/healthz"))
    cluster = next(one for one in all_of_it if one["kind"] == "Cluster")
    assert f"{cluster['metadata']['name']}-app" in str(deployed)
    assert cluster["spec"]["instances"] > cluster["spec"]["postgresql"]["synchronous"]["number"]


def test_proxies_lead_to_the_desk_and_hold_up_no_stream():
    caddy, nginx = texts("Caddyfile", "nginx.conf").values()
    assert "reverse_proxy 127.0.0.1:8000" in caddy
    live = nginx[nginx.index("location /live/") :]
    assert "proxy_buffering off;" in live and "proxy_read_timeout 1h;" in live
    for header in ("Host $host", "X-Forwarded-For $remote_addr", "X-Forwarded-Proto $scheme"):
        assert nginx.count(f"proxy_set_header {header};") == nginx.count("proxy_pass ")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="only where systemd is installed")
def test_systemd_finds_nothing_wrong_with_the_units_but_that_deskbook_is_not_installed_here():
    units = [*DEPLOY.glob("systemd/*.service"), *DEPLOY.glob("systemd/*.timer")]
    done = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
    )
    absent = "Command /opt/deskbook/bin/deskbook is not executable: No such file or directory"
    told = (done.stdout + done.stderr).splitlines()
    assert [line for line in told if "deskbook" in line and not line.endswith(absent)] == []
    assert len(units) == 4
