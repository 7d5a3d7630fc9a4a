"""Handed to pytest by `flakeless reproduce`: repeats and orders the tests as asked, and tells what became of each.

What is asked comes as JSON in the variable FLAKELESS_PLAN, what is told goes as lines of JSON into the file that
FLAKELESS_EVENTS names. Works with pytest 7 and later, and with pytest-xdist, whose workers tell nothing themselves but what
they have collected.
"""

import json
import os
import random

import pytest

PLAN = json.loads(os.environ["FLAKELESS_PLAN"])

# Options that give back one attempt in one process, whatever `addopts` says, by the names under which plugins keep them:
# pytest refuses an option whose plugin is not there, or was switched off.
PLAIN = {"numprocesses": "-n0", "reruns": "--reruns=0", "retries": "--retries=0"}
WORKERS = {"each": "-n{} --dist=each", "sharing": "-n{} --dist=load"}


class Probe:
    def __init__(self, config, events):
        self.config = config
        self.events = events

    def tell(self, **event):
        self.events.write(json.dumps(event) + "\n")
        self.events.flush()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items):
        if items:
            self.tell(event="collected", files=list(dict.fromkeys(self.name(item.nodeid).split("::")[0] for item in items)))
        order(items, self.name)
        items[:] = [again(item, number) for number in range(PLAN["repeat"]) for item in items]
        last = [at for at, item in enumerate(items) if is_test(self.name(item.nodeid), PLAN["until"])]
        if last:
            # What comes behind the test cannot change how it ended.
            del items[last[-1] + 1 :]

    def pytest_collectreport(self, report):
        if report.failed:
            self.tell(event="uncollected", node=self.name(report.nodeid), text=report.longreprtext[-20_000:])

    def pytest_runtest_logreport(self, report):
        text = "" if report.outcome in ("passed", "skipped") else report.longreprtext[-20_000:]
        node = getattr(report, "node", None)
        worker = node.gateway.id if node is not None else None
        test = self.name(report.nodeid)
        self.tell(event="report", test=test, when=report.when, outcome=report.outcome, text=text, worker=worker)

    def name(self, nodeid):
        """The node id as it is from the folder that we know as the project's root; pytest may know another."""
        root, known = os.path.realpath(self.config.rootpath), os.path.realpath(PLAN["root"])
        if root == known:
            return nodeid
        file, *rest = nodeid.split("::", 1)
        return "::".join([os.path.relpath(os.path.join(root, file), known).replace(os.sep, "/"), *rest])


class Worker(Probe):
    """In a process of pytest-xdist: the controller hears of everything else."""

    def tell(self, **event):
        if event["event"] == "collected":
            super().tell(**event)


def order(items, name):
    """By name where names are given, else as pytest has them, reversed, or shuffled by a seed."""
    wanted = {test: at for at, test in enumerate(PLAN["tests"])}
    if wanted:
        # A name without parameters stands for all of their sets.
        found = [(wanted.get(name(item.nodeid), wanted.get(name(item.nodeid).split("[")[0])), item) for item in items]
        items[:] = [item for at, item in sorted((it for it in found if it[0] is not None), key=lambda it: it[0])]
    if PLAN["reverse"]:
        items.reverse()
    if PLAN["seed"] is not None:
        random.Random(PLAN["seed"]).shuffle(items)


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


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config, args):
    known = early_config.known_args_namespace
    plain = {name: switch for name, switch in PLAIN.items() if hasattr(known, name)}
    if PLAN["workers"] and "numprocesses" in plain:
        how, count = PLAN["workers"]
        plain["numprocesses"] = WORKERS[how].format(count)
    args.extend(switch for switches in plain.values() for switch in switches.split())
    if hasattr(known, "no_cov"):
        # pytest-cov looks at the options before they are read again.
        known.no_cov = True
        args.append("--no-cov")


def pytest_configure(config):
    kind = Worker if hasattr(config, "workerinput") else Probe
    events = open(os.environ["FLAKELESS_EVENTS"], "a", encoding="utf-8")
    config.add_cleanup(events.close)
    probe = kind(config, events)
    has = config.pluginmanager.hasplugin
    options = {name: hasattr(config.option, known) for name, known in (("xdist", "numprocesses"), ("repeat", "count"))}
    if kind is Probe:
        probe.tell(event="begun", randomly=has("randomly"), **options)
    config.pluginmanager.register(probe, "flakeless_probe_of_run")
