"""Speech to text: media-stream protocol, audio, Vosk, segments."""
