"""Tests cannot reach the world."""

import socket

import pytest


def test_the_network_is_closed() -> None:
    """A connection to another machine fails before it is made."""
    with socket.socket() as door, pytest.raises(AssertionError, match="tried to reach"):
        door.connect(("192.0.2.1", 80))
