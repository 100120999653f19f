"""Round trips, counted on a real connection."""

import socket
import threading

import pytest

from benchmarks.wire import relay

QUESTION = b"12345678"


@pytest.fixture
def echo():
    """A server that answers every eight bytes."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        client, _ = listener.accept()
        with client, client.makefile("rb") as read:
            while question := read.read(len(QUESTION)):
                client.sendall(question)

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()
    listener.close()
    thread.join(5)


def test_every_question_that_follows_an_answer_is_a_trip(echo):
    with relay(*echo) as standing, socket.create_connection(("127.0.0.1", standing.port)) as client:
        for _ in range(3):
            client.sendall(QUESTION)
            assert client.recv(100) == QUESTION
        assert standing.trips == 3


def test_a_question_in_two_packets_is_one_trip(echo):
    with relay(*echo) as standing, socket.create_connection(("127.0.0.1", standing.port)) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.sendall(QUESTION[:3])
        client.sendall(QUESTION[3:])
        assert client.recv(100) == QUESTION
        assert standing.trips == 1
