"""What every application of the tests would compile anew, and alike: some 400 addresses and the templates of pages.

All later applications follow the map of the first one, as long as they add the same addresses in the same order. One that
adds another, or fewer, has a map of its own. What is shared knows no application: addresses, and the code of templates.
"""

from types import CodeType
from typing import Any, ClassVar

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Map, Rule, RuleFactory
from werkzeug.routing.matcher import StateMachineMatcher


class AddressMap(Map):
    """The addresses of one application. `first`: those that others follow."""

    first: ClassVar["AddressMap | None"] = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.added: list[Rule] = []
        self.told: list[Told] = []
        self.followed = AddressMap.first
        if self.followed:
            self._matcher, self._rules_by_endpoint = self.followed._matcher, self.followed._rules_by_endpoint

    def add(self, rulefactory: RuleFactory) -> None:
        """Take addresses: where those of the map that is followed stand in the same places nothing is left to do."""
        for rule in rulefactory.get_rules(self):
            place = len(self.added)
            self.added.append(rule)
            self.told.append(told_by(rule))
            if not self.followed:
                super().add(rule)
            elif self.followed.told[place : place + 1] != self.told[place:]:
                self.part()

    def update(self) -> None:
        """Called before anything is looked up, when every address has been added."""
        if self.followed and len(self.followed.told) != len(self.told):
            self.part()
        if self.followed:
            self.followed.update()
        else:
            super().update()

    def part(self) -> None:
        """Follow no more: compile what has been added."""
        self._matcher, self._rules_by_endpoint = StateMachineMatcher(self.merge_slashes), {}
        self.followed = None
        for rule in self.added:
            super().add(rule)


Told = tuple[Any, ...]


def told_by(rule: Rule) -> Told:
    """All that an address tells Werkzeug and Flask, before it is bound to a map."""
    words = (rule.rule, rule.endpoint, rule.methods, rule.defaults, rule.subdomain, rule.host, rule.redirect_to)
    ways = (rule.strict_slashes, rule.merge_slashes, rule.build_only, rule.alias, rule.websocket)
    return *words, *ways, getattr(rule, "provide_automatic_options", None)


class TemplateCode(BytecodeCache):
    """The code of templates by name and content, in memory."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code, if some application has compiled this template."""
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code for other applications."""
        assert bucket.code
        self.codes[bucket.key, bucket.checksum] = bucket.code


def compile_once() -> None:
    """From now on let the applications of this process compile alike things once."""
    Flask.url_map_class = AddressMap
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": TemplateCode()}
