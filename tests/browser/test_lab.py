"""JupyterLab in a browser: a link opens a notebook, and the menu runs it twice."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium.webdriver import ActionChains, Keys

from tests.browser.conftest import Browser
from toolkit.notebooks.runner import notebook_file


@pytest.fixture
def lab(browser: Browser, reference: Callable[[str], str], tmp_path: Path) -> Iterator[str]:
    """Run `assistant-toolkit lab` on a database of this test's own; yield its URL, with the token."""
    committed = {file: file.read_bytes() for file in notebook_file("10-diagnose").parent.iterdir() if file.is_file()}
    where = ["--supabase", reference("broken"), "--report-dir", str(tmp_path / "reports")]
    jupyter = ["--no-browser", "--allow-root", "--port=0", "--LabApp.expose_app_in_browser=True"]
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "workspaces"),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }
    with (tmp_path / "log").open("w") as log:
        command = [sys.executable, "-m", "toolkit", "lab", *where, *jupyter]
        running = subprocess.Popen(command, stderr=log, stdout=log, env=environment)
    try:
        url = _url(running, tmp_path / "log")
        yield url
        running.send_signal(signal.SIGTERM)
        running.wait(30)
        with pytest.raises(ConnectionRefusedError):  # JupyterLab went with the command
            socket.create_connection(("127.0.0.1", urlsplit(url).port or 0))
        assert [file.name for file, before in committed.items() if file.read_bytes() != before] == []
    finally:
        running.kill()


def _url(running: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until and running.poll() is None:
        if found := re.search(r"http://127\.0\.0\.1:\d+/lab/\S+token=\w+", log.read_text()):
            return found[0]
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def test_run_all_succeeds_again_after_a_cell_of_ones_own(lab: str, browser: Browser, tmp_path: Path) -> None:
    browser.open(lab, 1280, 1000)
    _until(browser, "document.querySelector('.jp-RenderedMarkdown a[href*=\"10-diagnose\"]') !== null")
    browser.script("document.querySelector('.jp-RenderedMarkdown a[href*=\"10-diagnose\"]').click()")
    _until(
        browser,
        f"{_CODE_CELLS}.length > 3 && window.jupyterapp.shell.currentWidget.title.label === '10-diagnose.ipynb'",
    )
    first = _run_all(browser, after=0)
    browser.script(
        "document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer').scrollTo(0, 0)"
    )
    _until(browser, "document.querySelector('.jp-OutputArea-output [role=status]') !== null")
    _until(browser, "[...document.querySelectorAll('.jp-OutputArea-output img')].some(each => each.naturalWidth > 300)")
    browser.driver.save_screenshot(str(tmp_path / "lab.png"))
    verdict = browser.driver.find_element("css selector", ".jp-OutputArea-output [role=status]")
    assert verdict.text.startswith("✗ MISMATCHED\nPractice database. No user reaches any of the 5 agents.\n")
    assert verdict.is_displayed()
    assert "border-left" in verdict.get_attribute("style"), "JupyterLab leaves the colour"
    keys = ActionChains(browser.driver).send_keys(Keys.ESCAPE, "a", Keys.ENTER)
    keys.send_keys(
        "import math as settings; DEBUG = True; df = diagnosis.findings", Keys.ENTER, "def pair(): return df"
    )
    keys.key_down(Keys.SHIFT).send_keys(Keys.ENTER).key_up(Keys.SHIFT).perform()
    _until(browser, f"Math.max(...{_CODE_CELLS}.map(each => each.executionCount)) > {first}")
    _run_all(browser, after=first + 1)
    assert browser.said()[1] == [], "nothing is asked for beyond this machine"
    assert browser.driver.find_elements("css selector", ".Toastify__toast") == [], (
        "nor is anybody asked whether it may be"
    )


_CODE_CELLS = "[...window.jupyterapp.shell.currentWidget.content.model.cells].filter(each => each.type === 'code')"


def _run_all(browser: Browser, after: int) -> int:
    """Run all cells by the menu; return the last one's number. They are numbered `after`, and the last one raises."""
    _choose(browser, "Run", "runmenu:run-all")
    _until(browser, f"{_CODE_CELLS}.at(-1).executionCount > {after} && {_CODE_CELLS}.at(-1).outputs.length > 0")
    ran = browser.script(
        f"{_CODE_CELLS}.map(each => [each.executionCount,"
        " each.outputs.toJSON().filter(output => output.output_type === 'error').map(output => output.ename)])"
    )
    assert [number for number, _ in ran] == list(range(after + 1, after + 1 + len(ran)))
    assert [errors for _, errors in ran] == [[]] * (len(ran) - 1) + [["MismatchError"]]
    return after + len(ran)


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
