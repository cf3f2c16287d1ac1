"""Every setting, read in one place. `docs/settings.md` lists them; a test holds the two together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from foundation.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """The settings, from environment variables of the same name in capitals. Units are in the names."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    database_url: str = Field(description="PostgreSQL, as postgresql+psycopg://user:password@host/name")
    redis_url: str = Field(description="Redis, as redis://host:port/0 or unix:///path/redis.sock")
    secret_key: SecretStr = Field(description="Signs sign-in cookies and stream tokens; 32 random characters or more")

    public_base_url: str = Field(description="Where Twilio and the screens reach `web`, without a slash at the end")
    live_base_url: str = Field(
        default="", description="Where the screens reach `live`; empty when a proxy serves it under PUBLIC_BASE_URL"
    )
    media_stream_url: str = Field(description="Where Twilio opens Media Streams, as wss://host/media")

    twilio_account_sid: str = Field(description="Account SID, AC...")
    twilio_auth_token: SecretStr = Field(description="Primary Auth Token: signs webhooks, authenticates REST calls")
    twilio_api_key_sid: str = Field(description="API key SID, SK..., for the softphone's access tokens")
    twilio_api_key_secret: SecretStr = Field(description="Secret of that API key")
    twilio_app_sid: str = Field(description="TwiML App SID, AP..., whose voice URL is /voice/operator")
    twilio_api_base_url: str = Field(
        default="", description="Where the REST API answers; empty is Twilio itself, the demo points at the simulator"
    )
    helpdesk_number: str = Field(description="The number callers ring, E.164")
    fallback_number: str = Field(
        default="", description="Dialled when our own stores are down, E.164; empty: the caller only hears the apology"
    )
    softphone_sdk_url: str = Field(
        default="/static/vendor/twilio.min.js", description="The Voice SDK that the operator's screen loads"
    )

    flows_dir: Path = Field(default=ROOT / "callflows" / "flows", description="Folder with the flow files")
    prompts_dir: Path = Field(default=ROOT / "callflows" / "prompts", description="Folder with a catalogue a language")
    phrases_dir: Path = Field(
        default=ROOT / "helpdesk" / "phrases", description="Folder with the phrases that raise flags, a file a language"
    )
    models_dir: Path = Field(default=ROOT / "models", description="Folder with a Vosk model a language")
    voicemail_dir: Path = Field(default=ROOT / "var" / "voicemail", description="Folder for the sound of voicemails")
    spool_dir: Path = Field(
        default=ROOT / "var" / "spool",
        description="Folder for sound that waits to be transcribed, encrypted; `media`, `worker` and `ticker` share it",
    )
    flow: str = Field(default="helpdesk", description="The flow that answers HELPDESK_NUMBER")
    number_flows: str = Field(
        default="", description="Other numbers and the flow of each, as +3225550101=invoices,+3225550102=night"
    )
    always_open: bool = Field(default=False, description="Treat every calendar as open; for demonstrations only")
    timezone: str = Field(default="Europe/Brussels", description="The helpdesk's time zone")

    offer_ttl_s: int = Field(
        default=20, ge=3, description="How long an operator's screen rings before the offer lapses"
    )
    connect_ttl_s: int = Field(
        default=20, ge=3, description="How long an accepted offer may take to reach the operator"
    )
    wrap_up_s: int = Field(default=60, ge=0, description="Wrap-up time before an operator is ready again")
    retention_days: int = Field(default=30, ge=1, description="How long transcripts are kept; said in the notice")
    recording_retention_days: int = Field(default=30, ge=1, description="How long voicemail recordings are kept")
    number_retention_days: int = Field(
        default=400, ge=1, description="How long callers' numbers stay in the call log; clocks and outcomes stay"
    )
    redact_emails: bool = Field(default=False, description="Hide e-mail addresses in transcripts too")
    speech_answers: bool = Field(
        default=True, description="Let callers say what they would press, where the flow asks for it"
    )
    transcription_threads: int = Field(default=2, ge=1, description="Decoding threads in `media`")
    transcription_share: float = Field(
        default=0.8,
        ge=0,
        le=1,
        description="Share of the cores that live transcription may take; calls beyond it are written down afterwards, "
        "with 0 every call",
    )
    spool_limit_mb: int = Field(
        default=2000, ge=0, description="How much sound may wait on disk; an hour of a call takes 60 MB"
    )

    web_workers: int = Field(default=2, ge=1, description="Processes of `web`; about one for each core")
    web_threads: int = Field(default=8, ge=1, description="Threads in each process of `web`")
    web_port: int = Field(default=8000, description="Port of `web`")
    live_port: int = Field(default=8001, description="Port of `live`")
    media_port: int = Field(default=8002, description="Port of `media`")
    simulator_port: int = Field(default=8003, description="Port of the simulator's REST API and softphone page")
    simulator_audio_port: int = Field(default=8004, description="Port of the simulator's softphone audio")
    listen_host: str = Field(default="127.0.0.1", description="Address that the processes listen on")
    trusted_proxies: int = Field(default=0, ge=0, description="Proxies of yours in front of `web` and `live`")
    metrics_token: SecretStr = Field(
        default=SecretStr(""), description="What Prometheus must show to read /metrics; empty: the address is not there"
    )
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")


def numbers_of(setting: str) -> dict[str, str]:
    """NUMBER_FLOWS as number -> flow. Raises SettingsError."""
    found: dict[str, str] = {}
    for part in filter(None, (each.strip() for each in setting.split(","))):
        number, equals, flow = (each.strip() for each in part.partition("="))
        if not equals or not flow or not number.startswith("+") or not number[1:].isdigit():
            raise SettingsError(f'NUMBER_FLOWS: "{part}" is not a number and a flow; write +3225550101=invoices.')
        found[number] = flow
    return found


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Settings from `environ` (usually `os.environ`).

    Raises SettingsError that names every missing or wrong setting at once.
    """
    names = {name: environ[name.upper()] for name in Settings.model_fields if name.upper() in environ}
    try:
        return Settings.model_validate(names)
    except ValidationError as error:
        faults = [f"{str(fault['loc'][0]).upper()}: {fault['msg'].lower()}" for fault in error.errors()]
        raise SettingsError(
            "Onthaal cannot start; set these environment variables (see docs/settings.md), or use `make demo`:\n  "
            + "\n  ".join(faults)
        ) from None
