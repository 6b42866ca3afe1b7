"""An impossible number of months or users is refused in a sentence."""

import pytest

from watersellers import BadInput, World, run
from watersellers.experiments.loading.limits import check_size


@pytest.mark.parametrize("months", [0, -1, 10**9, 4.5, "12", True])
def test_an_impossible_number_of_months_is_refused(months):
    with pytest.raises(BadInput, match=rf"months: found {months!r}, expected a whole number from 1 to 600"):
        run(months=months)


@pytest.mark.parametrize("users", [0, -1, 10**9, 1e4, None])
def test_an_impossible_number_of_users_is_refused_with_how_many_fit(users):
    with pytest.raises(
        BadInput, match=r"users: found .*, expected a whole number from 10 to [\d,]+, as many as fit into"
    ):
        World(rng=1, users=users)


@pytest.mark.parametrize("seed", [-1, 2**64, 1.0])
def test_an_impossible_seed_is_refused(seed):
    with pytest.raises(BadInput, match="seed: found"):
        check_size(seed, 3, 10)


def test_all_errors_in_the_size_of_a_run_are_reported_at_once():
    with pytest.raises(BadInput) as refused:
        check_size(-1, 0, 0)
    assert [problem.partition(":")[0] for problem in refused.value.problems] == ["seed", "months", "users"]
