"""What a run says about itself."""

import json

from benchmarks.load import Load, Sample
from benchmarks.report import Report
from benchmarks.stacks import Name
from benchmarks.target import Endpoint


def sample(rps, refused=0):
    return Sample(Load(rps * 10, 10.0, 1.0, 2.0, refused, 0), {"service": 900.0})


def report():
    made = Report(facts={"cpus": 2})
    for ours, stock in ((200, 100), (300, 100)):
        made.add(Endpoint.DETAIL, Name.OURS, sample(ours))
        made.add(Endpoint.DETAIL, Name.STOCK, sample(stock))
    return made


def test_ours_is_compared_with_every_other_stack():
    assert report().ratios()[Endpoint.DETAIL, Name.STOCK].rps.median == 2.5


def test_without_ours_there_is_nothing_to_compare():
    made = Report()
    made.add(Endpoint.DETAIL, Name.STOCK, sample(100))
    assert made.ratios() == {}


def test_a_void_round_is_named_and_left_out():
    made = report()
    line = made.add(Endpoint.DETAIL, Name.STOCK, sample(100, refused=4))
    made.add(Endpoint.DETAIL, Name.OURS, sample(900))
    assert "void" in line
    assert made.voids() == ["detail stock, round 3: 4 of 1000 answers were not 2xx"]
    assert made.ratios()[Endpoint.DETAIL, Name.STOCK].rps.high == 3.0


def test_every_sample_is_in_the_json():
    plain = json.loads(json.dumps(report().plain()))
    assert [(s["stack"], s["round"], s["rps"]) for s in plain["samples"]] == [
        ("ours", 1, 200.0),
        ("ours", 2, 300.0),
        ("stock", 1, 100.0),
        ("stock", 2, 100.0),
    ]
    assert plain["ratios"][0]["against"] == "stock"
