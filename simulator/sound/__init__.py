"""What is heard: mu-law, rooms, phones' sound and Media Streams, in real time."""
