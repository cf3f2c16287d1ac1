"""A stand-in for Twilio: executes TwiML, speaks REST, streams audio, has a softphone page."""

from simulator.exchange import Exchange, Sent, Voice
from simulator.records import ConferenceView, Fault, LegView, QueueView, SeatView
from simulator.rest import RestSwitches, create_rest_app
from simulator.silence import SilentPlane
from simulator.timeline import RealTimeline, Timeline, VirtualTimeline
from simulator.transports import HttpTransport, WsgiTransport

__all__ = [
    "ConferenceView",
    "Exchange",
    "Fault",
    "HttpTransport",
    "LegView",
    "QueueView",
    "RealTimeline",
    "RestSwitches",
    "SeatView",
    "Sent",
    "SilentPlane",
    "Timeline",
    "VirtualTimeline",
    "Voice",
    "WsgiTransport",
    "create_rest_app",
]
