"""The softphone: a page, a drop-in for Twilio's Voice SDK, and the sockets they talk through."""
