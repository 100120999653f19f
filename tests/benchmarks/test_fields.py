"""What is measured of an encrypted field is the whole way there and back."""

from benchmarks.fields import TEXT, fastest, works


def test_each_work_gives_the_text_back():
    done = {name: work() for name, work in works().items()}
    index = done.pop("a blind index")
    assert {text.decode() if isinstance(text, bytes) else text for text in done.values()} == {TEXT}
    assert len(done) == 5
    assert len(index) == 35


def test_the_fastest_turn_counts(monkeypatch):
    monkeypatch.setattr("benchmarks.fields.timeit", lambda work, number: work() * number)
    turns = iter([3e-6, 1e-6, 2e-6])
    assert fastest({"work": lambda: next(turns)}, 3) == {"work": 1.0}
