"""JupyterLab in a browser: it opens, and the menu runs a notebook."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import Browser
from toolkit.notebooks.runner import notebook_file


@pytest.fixture
def lab(browser: Browser, tmp_path: Path) -> Iterator[str]:
    """Run `python -m toolkit lab`; yield its URL, with the token. What JupyterLab saves in the notebook is undone."""
    notebook = notebook_file("10-diagnose")
    before = notebook.read_bytes()
    command = [sys.executable, "-m", "toolkit", "lab", "--no-browser", "--allow-root", "--port=0"]
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "workspaces"),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }
    with (tmp_path / "log").open("w") as log:
        running = subprocess.Popen(command, stderr=log, stdout=log, env=environment)
    try:
        url = _url(running, tmp_path / "log")
        yield url
        running.send_signal(signal.SIGTERM)
        running.wait(30)
        with pytest.raises(ConnectionRefusedError):  # JupyterLab went with the command
            socket.create_connection(("127.0.0.1", urlsplit(url).port or 0))
    finally:
        running.kill()
        if notebook.read_bytes() != before:
            notebook.write_bytes(before)


def _url(running: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until and running.poll() is None:
        if found := re.search(r"http://127\.0\.0\.1:\d+/lab/\S+token=\w+", log.read_text()):
            return found[0]
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def test_run_all_puts_the_verdict_and_the_picture_on_the_screen(lab: str, browser: Browser, tmp_path: Path) -> None:
    browser.open(lab.replace("/lab/tree/00-start-here.ipynb", "/lab/tree/10-diagnose.ipynb"), 1280, 1000)
    _until(browser, "document.querySelectorAll('.jp-NotebookPanel .jp-CodeCell').length > 3")
    _choose(browser, "Edit", "editmenu:clear-all")  # the committed outputs
    _until(browser, "document.querySelector('.jp-OutputArea-output') === null")
    _choose(browser, "Run", "runmenu:run-all")
    _until(
        browser,
        "[...document.querySelectorAll('.jp-OutputArea-output')].some(each => "
        "each.innerText.includes('MismatchError'))",
    )
    browser.script("document.querySelector('.jp-WindowedPanel-outer').scrollTo(0, 0)")
    _until(browser, "document.querySelector('.jp-OutputArea-output [role=status]') !== null")
    _until(browser, "[...document.querySelectorAll('.jp-OutputArea-output img')].some(each => each.naturalWidth > 300)")
    browser.driver.save_screenshot(str(tmp_path / "lab.png"))
    verdict = browser.driver.find_element("css selector", ".jp-OutputArea-output [role=status]")
    assert verdict.text.startswith("✗ MISMATCHED\nPractice database.")
    assert verdict.is_displayed()
    assert "border-left" in verdict.get_attribute("style"), "JupyterLab leaves the colour"
    assert browser.said()[1] == [], "nothing is asked for beyond this machine"


def _choose(browser: Browser, menu: str, command: str) -> None:
    """Click an entry of the menu."""
    browser.driver.find_element("xpath", f"//li[contains(@class, 'lm-MenuBar-item')][.//div[text()='{menu}']]").click()
    _until(browser, f"document.querySelector('li[data-command=\"{command}\"]') !== null")
    browser.driver.find_element("css selector", f"li[data-command='{command}']").click()


def _until(browser: Browser, condition: str) -> None:
    until = time.monotonic() + 60
    while not browser.script(condition):
        assert time.monotonic() < until, f"still not: {condition}"
        time.sleep(0.1)
