"""Handed to pytest by `flakeless reproduce`: repeats and orders the tests as asked, and tells what became of each.

What is asked comes as JSON in the variable FLAKELESS_PLAN, what is told goes as lines of JSON into the file that
FLAKELESS_EVENTS names. Works with pytest 7 and later, and with pytest-xdist, whose workers tell nothing themselves.
"""

import json
import os
import random

import pytest


class Probe:
    def __init__(self, plan, events):
        self.plan = plan
        self.events = events

    def tell(self, **event):
        self.events.write(json.dumps(event) + "\n")
        self.events.flush()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items):
        order(items, self.plan)
        items[:] = [again(item, number) for number in range(self.plan["repeat"]) for item in items]
        last = [at for at, item in enumerate(items) if is_test(item.nodeid, self.plan["until"])]
        if last:
            # What comes behind the test cannot change how it ended.
            del items[last[-1] + 1 :]

    def pytest_collection_finish(self, session):
        if session.items:
            self.tell(event="collected", tests=[item.nodeid for item in session.items])

    def pytest_runtest_logreport(self, report):
        text = "" if report.outcome in ("passed", "skipped") else report.longreprtext[-20_000:]
        node = getattr(report, "node", None)
        worker = node.gateway.id if node is not None else None
        self.tell(event="report", test=report.nodeid, when=report.when, outcome=report.outcome, text=text, worker=worker)


class Worker(Probe):
    """In a process of pytest-xdist: the controller hears of everything."""

    def tell(self, **event):
        if event["event"] == "collected":
            super().tell(**event)


def order(items, plan):
    """By name where names are given, else as pytest has them, reversed, or shuffled by a seed."""
    wanted = plan["tests"]
    if wanted:
        place = {name: at for at, name in enumerate(wanted)}
        # A name without parameters stands for all of their sets.
        at = {item: place.get(item.nodeid, place.get(item.nodeid.split("[")[0])) for item in items}
        items[:] = sorted((item for item in items if at[item] is not None), key=at.get)
    if plan["reverse"]:
        items.reverse()
    if plan["seed"] is not None:
        random.Random(plan["seed"]).shuffle(items)


def is_test(name, wanted):
    """Whether a node id is the wanted one, or that with parameters."""
    return wanted is not None and (name == wanted or name.startswith(wanted + "["))


def again(item, number):
    """The same test once more, as an item of its own, so that it is set up and torn down like any other."""
    if number == 0 or not isinstance(item, pytest.Function):
        return item
    given = {"callspec": item.callspec} if hasattr(item, "callspec") else {}
    return type(item).from_parent(
        item.parent,
        name=item.name,
        keywords=item.keywords,
        fixtureinfo=item._fixtureinfo,
        originalname=item.originalname,
        **given,
    )


def pytest_configure(config):
    kind = Worker if hasattr(config, "workerinput") else Probe
    events = open(os.environ["FLAKELESS_EVENTS"], "a", encoding="utf-8")
    config.add_cleanup(events.close)
    config.pluginmanager.register(kind(json.loads(os.environ["FLAKELESS_PLAN"]), events), "flakeless_probe_of_run")
