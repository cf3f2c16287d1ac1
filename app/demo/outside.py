"""The simulator, set up as the provider of this installation."""

from __future__ import annotations

from foundation.errors import Unavailable
from foundation.logs import configure
from foundation.settings import ROOT, Settings
from simulator.errors import SimulatorError
from simulator.phone.page import Caller
from simulator.server import SimulatorConfig, run_simulator

SPEECH = ROOT / "tests" / "speech"

# Callers that a newcomer can be; the first three are customers of the demonstration's data.
CALLERS = (
    Caller("Els Vermeulen", "+32460001001"),
    Caller("Luc Dumoulin", "+32460001002"),
    Caller("Peter Baker", "+32460001003"),
    Caller("Somebody new", "+32460009999"),
)


def serve_simulator(settings: Settings) -> None:
    """Run the simulator until it is told to stop."""
    configure("simulator", settings.log_level)
    try:
        run_simulator(
            SimulatorConfig(
                account_sid=settings.twilio_account_sid,
                auth_token=settings.twilio_auth_token.get_secret_value(),
                api_key_sid=settings.twilio_api_key_sid,
                api_key_secret=settings.twilio_api_key_secret.get_secret_value(),
                app_sid=settings.twilio_app_sid,
                helpdesk_number=settings.helpdesk_number,
                voice_url=f"{settings.public_base_url}/voice/incoming",
                operator_voice_url=f"{settings.public_base_url}/voice/operator",
                fallback_url=f"{settings.public_base_url}/voice/fallback",
                status_callback=f"{settings.public_base_url}/voice/status#rc=3&rp=ct,rt,5xx",
                host=settings.listen_host,
                port=settings.simulator_port,
                audio_port=settings.simulator_audio_port,
                callers=CALLERS,
                speech_dir=SPEECH,
            )
        )
    except SimulatorError as error:
        raise Unavailable(str(error)) from error
