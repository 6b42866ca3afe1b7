"""Lists of partners gain and lose names as set algebra says, in a stable order; what makes no sense is refused."""

# ruff: noqa: E501 - sentences are compared whole, each on its line

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scenarios.reference_scenario import refused
from watersellers import load_scenario
from watersellers.experiments.loading.edits.partner_lists import Customer, put_together, put_together_for_all

VENDORS = ["nvidia", "amd", "ascend", "groq"]
NEW = {"groq": {"key": 199, "region": "west"}}
PLAIN = load_scenario("plain")
BEFORE = {one.name: one.partners["chips"] for one in PLAIN.groups["cloud"]}
subsets = st.lists(st.sampled_from(VENDORS), unique=True)


def lists_of(doc):
    spec = load_scenario({"extends": "plain", "name": "mine", "question": "Mine?", **doc})
    return {one.name: one.partners.get("chips", ()) for one in spec.groups["cloud"]}


@given(before=subsets.filter(len), gained=subsets, lost=subsets)
def test_a_list_is_what_set_algebra_says_in_a_stable_order(before, gained, lost):
    adding = [name for name in gained if name not in before]
    losing = [name for name in before if name in lost][: len(before) - 1]
    entries = [*(f"-{name}" for name in losing), *(f"+{name}" for name in adding)]
    customer = Customer("aws", tuple(before), lambda _: True)
    found = put_together(customer, entries or before, VENDORS)
    assert set(found) == (set(before) | set(adding)) - set(losing)
    assert list(found) == [name for name in before if name not in losing] + adding


@given(lost=subsets.filter(lambda names: len(names) < len(VENDORS)))
def test_all_less_some_is_the_others_in_the_order_of_their_keys(lost):
    found = put_together(Customer("aws", (), lambda _: True), ["all", *(f"-{name}" for name in lost)], VENDORS)
    assert list(found) == [name for name in VENDORS if name not in lost]


@given(lists=st.lists(subsets.filter(len), min_size=1, max_size=6), gained=st.sampled_from(VENDORS))
def test_an_edit_for_a_whole_group_adds_where_a_name_is_missing(lists, gained):
    customers = [Customer(f"c{number}", tuple(names), lambda _: True) for number, names in enumerate(lists)]
    if all(gained in names for names in lists):
        with pytest.raises(ValueError, match="on every list already"):
            put_together_for_all(customers, [f"+{gained}"], VENDORS)
        return
    found = put_together_for_all(customers, [f"+{gained}"], VENDORS)
    for customer in customers:
        extended = (*customer.listed, *([] if gained in customer.listed else [gained]))
        assert found[customer.name] == extended


@settings(max_examples=15)
@given(gone=st.sets(st.sampled_from(["amd", "ascend"])), comes=st.booleans())
def test_the_catalogue_resolves_edits_of_all_clouds(gone, comes):
    entries = [*(f"-{name}" for name in sorted(gone)), *(["+groq"] if comes else [])]
    found = lists_of({"chips": NEW, "cloud": {"chips": entries} if entries else {}})
    for cloud, before in BEFORE.items():
        assert found[cloud] == (*(name for name in before if name not in gone), *(["groq"] if comes else []))


def test_a_group_is_edited_before_its_members_and_a_new_member_keeps_its_own_list():
    new = {"key": 299, "region": "west", "chips": ["amd"]}
    found = lists_of({"chips": NEW, "cloud": {"chips": ["+groq"], "aws": {"chips": ["-amd"]}, "new": new}})
    assert found["aws"] == ("nvidia", "groq")
    assert found["azure"] == ("nvidia", "amd", "groq")
    assert found["new"] == ("amd",)


def test_lists_are_edited_by_settings_too():
    spec = load_scenario("plain", {"cloud.chips": ["-amd"], "cloud.aws.chips": "all"})
    found = {one.name: one.partners["chips"] for one in spec.groups["cloud"]}
    assert found["aws"] == ("nvidia", "amd", "ascend")
    assert found["azure"] == ("nvidia",)


@pytest.mark.parametrize(
    ("cloud", "sentence"),
    [
        ({"aws": {"chips": ["+amd"]}}, "mine, cloud.aws.chips: found '+amd', but 'amd' is on the list already; leave it out"),
        ({"aws": {"chips": ["-ascend"]}}, "mine, cloud.aws.chips: found '-ascend', but 'ascend' is not on the list; leave it out"),
        ({"aws": {"chips": ["-nvidai"]}}, "mine, cloud.aws.chips: found '-nvidai', but 'nvidai' is not on the list. Did you mean '-nvidia'?"),
        ({"aws": {"chips": ["amd", "-nvidia"]}}, "mine, cloud.aws.chips: found ['amd', '-nvidia'], plain and signed names in one list; sign each of them, or none"),
        ({"aws": {"chips": ["all", "amd"]}}, 'mine, cloud.aws.chips: found \'amd\' beside \'all\', which includes it; write "all" alone, or with names to leave out, as ["all", "-name"]'),
        ({"aws": {"chips": ["-amd", "-amd"]}}, "mine, cloud.aws.chips: found 'amd' with 2 signs, expected each name once"),
        ({"chips": ["+nvidia"]}, "mine, cloud.chips: found '+nvidia', but 'nvidia' is on every list already; leave it out"),
        ({"aws": {"chips": ["-amd", "-nvidia"]}}, "mine, cloud.aws.chips: found ['-amd', '-nvidia'], which leaves no name, and an empty list means any of its region; write [] if that is meant"),
        ({"aws": {"chips": "nvidia"}}, "mine, cloud.aws.chips: found 'nvidia', expected a list of names in quotes, as [\"nvidia\"], or \"all\""),
    ],
)  # fmt: skip
def test_an_edit_that_makes_no_sense_is_refused_with_its_cure(cloud, sentence):
    assert refused({"cloud": cloud}) == [sentence]


def test_a_firm_without_a_list_is_not_quietly_bound_to_one():
    (sentence,) = refused({"labs": {"deepseek": {"cloud": ["+alibaba_cloud"]}}})
    assert "deepseek has no list so far and may buy from any of its region" in sentence
