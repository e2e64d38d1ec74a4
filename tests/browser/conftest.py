"""A browser without a screen, whose every request and complaint is kept."""

import json
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from selenium import webdriver

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_HERE = (
    "file:",
    "data:",
    "blob:",
    "about:",
    "http://127.0.0.1:",
    "http://localhost:",
    "ws://127.0.0.1:",
    "ws://localhost:",
)


class Browser:
    """Chromium, as a person would have it before them."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, url: str, width: int, height: int) -> None:
        """Open a page in a window of this size; below 600 it is a phone's."""
        self.said()
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self.driver.get(url)

    def script(self, source: str) -> Any:
        """Return what a line of JavaScript says."""
        return self.driver.execute_script(f"return {source}")

    def said(self) -> tuple[list[str], list[str]]:
        """Return the console's errors, and the URLs beyond this machine that were asked for, since the last call."""
        complaints = [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        asked = [each["params"]["request"]["url"] for each in messages if each["method"] == "Network.requestWillBeSent"]
        return complaints, [url for url in asked if not url.startswith(_HERE)]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start Chromium, or skip where there is none."""
    binary = next(filter(None, map(shutil.which, _NAMES)), None)
    driver = shutil.which("chromedriver")
    if not binary or not driver:
        pytest.skip("there is no Chromium with chromedriver on PATH (Debian: apt install chromium chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--hide-scrollbars",
    ):
        options.add_argument(argument)
    options.add_argument("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield Browser(started)
    started.quit()
