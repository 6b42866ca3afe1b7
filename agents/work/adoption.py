"""Adoption: the firms of a segment that use models, and how much of their work they open to them.

One hazard has three corners: firms learn of models from those who have them (epidemic; Bass 1969 and Geroski 2000, from
memory), faster where more is gained (Mansfield 1961, from memory), or adopt as soon as the gain covers their own cost
(probit; Davies 1979, from memory). In each of them, no more firms adopt than those whose cost is covered.
"""

from dataclasses import dataclass

from watersellers.market.elementary import exp_of, log_of, normal_deviate, normal_share


@dataclass(frozen=True, slots=True)
class AdoptionTerms:
    """What adoption depends on beside its hazard: costs, and what happens at the edges."""

    cost: float  # USD per dollar of wage of exposed work, for the median firm
    spread: float  # of the logarithm of that cost; large firms have lower costs
    leaving: float  # share a month of firms beyond those whose cost is covered that give models up
    new_depth: float  # share of its exposed work that a firm opens when it adopts


@dataclass(frozen=True, slots=True)
class Adoption:
    """The state of a segment: shares of firms, and of the exposed work of these, from 0 to 1."""

    firms: float
    depth: float

    def work(self, spread: float) -> float:
        """Share of all exposed work that is open to models: a part of that of the firms that use them."""
        return self.depth * self.of_adopters(spread)

    def of_adopters(self, spread: float) -> float:
        """Share of all exposed work that is done in firms that use models: large firms adopt first."""
        return normal_share(normal_deviate(self.firms) + spread) if self.firms > 0 else 0.0

    def next(self, hazard: float, gain: float, terms: AdoptionTerms) -> "Adoption":
        """Return the state a month later.

        Parameters
        ----------
        hazard : float
            Rate at which a firm whose cost is covered adopts, a month.
        gain : float
            Dollars that models save per dollar of wage of exposed work.
        """
        covered, moving = worthwhile(gain, terms), 1 - exp_of(-hazard)
        joining = moving * max(0.0, covered - self.firms)
        firms = self.firms + joining - terms.leaving * max(0.0, self.firms - covered)
        deeper = self.depth + moving * (1 - self.depth)
        if joining > 0:
            return Adoption(firms, (self.firms * deeper + joining * terms.new_depth) / firms)
        return Adoption(firms, deeper)


def worthwhile(gain: float, terms: AdoptionTerms) -> float:
    """Share of firms whose cost of adopting the gain covers: costs are lognormal over firms."""
    return normal_share((log_of(gain) - log_of(terms.cost)) / terms.spread) if gain > 0 else 0.0
