"""What every page carries: the headers of a page that may use the microphone, and where a redirect may lead."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response

from foundation.settings import Settings

# What the Voice SDK itself talks to (twilio.md 5.4): signalling, call insights and its sounds.
_TWILIO_CONNECT = ("https://eventgw.twilio.com", "https://*.twilio.com", "wss://*.twilio.com")
_TWILIO_MEDIA = ("https://sdk.twilio.com",)


def origin(url: str) -> str:
    """scheme://host[:port] of an absolute URL, else an empty string."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else ""


def content_security_policy(settings: Settings) -> str:
    """default-src 'self', opened only for the softphone's own hosts and for `live`, which may be on another port."""
    live = origin(settings.live_base_url)
    phone = origin(settings.softphone_sdk_url)
    script, connect, media = ["'self'"], ["'self'"], ["'self'"]
    if live:
        connect.append(live)
    if phone:  # a stand-in for the SDK: its page, its sockets and its audio are on its own host
        host = urlsplit(phone).hostname or ""
        script.append(phone)
        connect += [phone, f"ws://{host}:*", f"wss://{host}:*"]
        media += [phone, "blob:"]
    else:
        connect += _TWILIO_CONNECT
        media += _TWILIO_MEDIA
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {' '.join(script)}",
            f"connect-src {' '.join(connect)}",
            f"media-src {' '.join(media)}",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def set_headers(response: Response, policy: str) -> Response:
    """Security headers on one answer. Pages are never stored: they show people's names and numbers."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", policy)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "microphone=(self), camera=(), geolocation=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if response.mimetype in ("text/html", "application/json", "application/problem+json"):
        headers.setdefault("Cache-Control", "no-store")
    return response


def safe_next(target: str | None, fallback: str) -> str:
    """`target` when it is a path of this very site, else `fallback`: a sign-in link must not lead elsewhere.

    Browsers read backslashes as slashes and drop control characters, so both are refused outright.
    """
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return fallback
    if any(ord(character) < 0x21 for character in target):
        return fallback
    return target if target.split("?")[0].startswith("/desk/") else fallback
