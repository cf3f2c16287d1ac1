"""Runs calls: sessions, the call log, effects to TwiML, the telephony REST API."""
