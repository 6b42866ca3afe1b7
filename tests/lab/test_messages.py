"""Only what a page sends is read; anything else is refused in a sentence."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lab.page_messages import GOOD, WRONG, broken
from watersellers.experiments.input.errors import BadInput
from watersellers.viz.lab.server.messages import read_message


@pytest.mark.parametrize("text", [json.dumps(each) for each in GOOD])
def test_messages_of_a_page_are_accepted(text):
    assert read_message(text) == json.loads(text)


@pytest.mark.parametrize("why", WRONG)
def test_messages_that_no_page_sends_are_refused_in_a_sentence(why):
    with pytest.raises(BadInput, match=r"^message: found .*expected "):
        read_message(WRONG[why])


@settings(max_examples=500)
@given(st.sampled_from(GOOD), st.data())
def test_a_message_broken_in_one_place_is_accepted_whole_or_refused(good, data):
    with suppress(BadInput):
        heard = read_message(json.dumps(broken(good, data)))
        assert isinstance(heard["content"], dict)
