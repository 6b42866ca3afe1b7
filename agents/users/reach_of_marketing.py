"""What an app's marketing wins: people who hear of it by that, and use it."""

from dataclasses import dataclass
from typing import Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.public_information import Plan
from watersellers.agents.users.month import Users


@dataclass(frozen=True, slots=True)
class Won:
    """What an app's marketing wins in a month, as the app sees it once people have chosen."""

    heads: float  # people, in the mean over chance: a simulated user stands for many, whose luck no firm has
    answer: float  # percent more of them for a percent more marketing; 0 without any
    known: float  # people who know the app
    users: float  # people who use it


class ReachOfMarketing:
    """Counts for an app the people whom its marketing wins, region by region."""

    def __init__(self, users: Users):
        self.users = users

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the users of the scenario."""
        return cls(parts[Users])

    def won(self, app: int) -> Won:
        """Count the people whom an app's marketing of this month would win in another month like this one.

        Of those who do not know it yet, marketing reaches a share; of these as many use it as of all who know it.
        """
        plans = [plan for plan in self.users.public.plans if plan.app == app]
        heads = answered = known = used = 0.0
        for plan in plans:
            for number, member in enumerate(self.users.members):
                if member.name in plan.regions:
                    there, aware, users = self._people(app, number)
                    reached, answer = self._reached(plan, number)
                    won = (there - aware) * reached * (users / aware) if aware else 0.0
                    heads, answered, known, used = heads + won, answered + won * answer, known + aware, used + users
        return Won(heads, answered / heads if heads > 0 else 0.0, known, used)

    def _people(self, app: int, number: int) -> tuple[int, int, int]:
        """People of a region, those among them who know an app, and those who use it this month."""
        row, people = self.users.row_of[app], self.users.people
        span = people.spans[number]
        weight = people.weight[span]
        using = int(self.users.totals.people[row, number])
        return int(weight.sum()), int(weight[people.knows(row)[span]].sum()), using

    def _reached(self, plan: Plan, number: int) -> tuple[float, float]:
        """Share of a region's people that an app's marketing reaches, and percent more of it for a percent more spent.

        More marketing reaches more, ever more slowly, and raises the app's share of voice where attention is scarce.
        """
        traits, region = self.users.traits[number], self.users.members[number].name
        spent = sum(other.marketing for other in self.users.public.plans if region in other.regions)
        if plan.marketing <= 0:
            return 0.0, 0.0
        share, slack = plan.marketing / spent, traits.marketing_unit / (plan.marketing + traits.marketing_unit)
        voice = 1 - traits.contest * (1 - share)
        louder = traits.contest * share * (1 - share) / voice if voice > 0 else 0.0
        return traits.innovators * (1 - slack) * voice, slack + louder
