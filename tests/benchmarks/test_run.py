"""The command lines."""

import pytest

from benchmarks import growth, run
from benchmarks.stacks import Name
from benchmarks.target import Endpoint


def test_the_default_run_is_the_one_that_counts():
    options = run.arguments([])
    assert (options.rounds, options.seconds, options.only) == (5, 10, list(Name))


def test_stacks_and_an_endpoint_can_be_chosen():
    options = run.arguments(["--only", "stock,ours", "--endpoint", "page"])
    assert (options.only, options.endpoint) == ([Name.OURS, Name.STOCK], Endpoint.PAGE)


@pytest.mark.parametrize(
    ("parse", "refused"),
    [
        (run.arguments, ["--only", "ours,theirs"]),
        (run.arguments, ["--rounds", "0"]),
        (run.arguments, ["--endpoint", "delete"]),
        (growth.arguments, ["--rows", "10000"]),
        (growth.arguments, ["--rounds", "0"]),
    ],
)
def test_nonsense_is_refused(parse, refused, capsys):
    with pytest.raises(SystemExit):
        parse(refused)
    assert refused[0] in capsys.readouterr().err
