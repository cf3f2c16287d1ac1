"""Debian's Chromium, headless, with a recording for a microphone."""

from __future__ import annotations

import shutil
import wave
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Playwright

from simulator.sound import mulaw

EXECUTABLE = shutil.which("chromium")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
)


def launch(playwright: Playwright, *flags: str) -> Browser:
    """A browser of its own; the microphone is a tone, and refused, unless `flags` say otherwise."""
    return playwright.chromium.launch(executable_path=EXECUTABLE, args=[*_FLAGS, *flags])


def says(recording: Path) -> tuple[str, str]:
    """The flags with which every microphone says a recording once, from the moment it is opened, and is allowed to."""
    return "--use-fake-ui-for-media-stream", f"--use-file-for-fake-audio-capture={recording}%noloop"


def write_microphone(sound: bytes, path: Path) -> Path:
    """Write 8 kHz mu-law as Chromium wants a microphone's file: PCM, here at 48 kHz."""
    samples = mulaw.decode(sound).astype(float)
    spectrum = np.fft.rfft(samples)
    fine = np.fft.irfft(np.pad(spectrum, (0, len(samples) * 3 + 1 - len(spectrum))), len(samples) * 6) * 6
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48000)
        file.writeframes(np.clip(fine, -32767, 32767).astype("<i2").tobytes())
    return path
