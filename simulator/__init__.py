"""A stand-in for Twilio: executes TwiML, speaks REST, streams audio, has a softphone page."""
