"""Tests that run side by side get servers of their own."""

import os
import subprocess
import sys

from config.environment import ROOT
from deploy.edge.ports import LANES, PORTS, free_port

DRAW_ALL = """
from deploy.edge.ports import NoPortLeft, free_port
try:
    while True:
        print(free_port())
except NoPortLeft:
    pass
"""


def test_a_process_draws_from_the_lane_of_its_number_alone_and_no_port_twice():
    child = subprocess.Popen([sys.executable, "-c", DRAW_ALL], cwd=ROOT, stdout=subprocess.PIPE)
    ports = [int(line) for line in child.communicate()[0].split()]
    assert {(port - PORTS.start) % LANES for port in ports} == {child.pid % LANES}
    assert len(set(ports)) == len(ports) > len(PORTS) // LANES // 2
    assert set(ports) <= set(PORTS)


def test_a_fork_goes_on_in_a_lane_of_its_own():
    ours = free_port()
    reader, writer = os.pipe()
    if not (child := os.fork()):
        os.write(writer, str(free_port()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert (int(os.read(reader, 9)) - ours - child + os.getpid()) % LANES == 0
