"""Plans as PostgreSQL prints them."""

from benchmarks.plans import parse


def explained(*nodes):
    return [{"Plan": {"Node Type": "Limit", "Plans": [{"Node Type": "Sort", "Plans": [*nodes]}]}}]


def scan(kind, table="listing", rows=25, **more):
    return {
        "Node Type": kind,
        "Relation Name": table,
        "Actual Rows": rows,
        "Actual Loops": 1,
        **more,
    }


def test_an_index_scan_is_named_and_its_thrown_rows_are_counted():
    node = scan("Index Scan", **{"Index Name": "newest", "Rows Removed by Filter": 75})
    plan = parse(explained(node), "listing")
    assert plan.scans == ("Index Scan newest",)
    assert (plan.sequential, plan.rows_read) == (False, 100)


def test_a_sequential_scan_is_seen_among_parallel_workers():
    node = scan("Seq Scan", rows=100, **{"Actual Loops": 3, "Rows Removed by Filter": 900})
    plan = parse(explained({"Node Type": "Gather", "Plans": [node]}), "listing")
    assert (plan.sequential, plan.rows_read) == (True, 3000)


def test_a_sequential_scan_of_another_table_is_not_ours():
    assert not parse(explained(scan("Seq Scan", table="agency")), "listing").sequential


def test_a_bitmap_is_counted_once():
    index = {
        "Node Type": "Bitmap Index Scan",
        "Index Name": "search",
        "Actual Rows": 40,
        "Actual Loops": 1,
    }
    plan = parse(explained(scan("Bitmap Heap Scan", rows=40, Plans=[index])), "listing")
    assert plan.scans == ("Bitmap Heap Scan", "Bitmap Index Scan search")
    assert plan.rows_read == 40
