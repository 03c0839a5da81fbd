"""Reelroom: a chat bot that turns a message into a video."""
