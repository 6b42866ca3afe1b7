"""A page of the model in Mesa's own viewer: ``solara run viz/mesa_page.py``."""

import solara
from mesa.visualization import Slider, SolaraViz, make_plot_component

from watersellers import World
from watersellers.market.goods import CHAIN

CONTROLS = {
    "scenario": "baseline",
    "rng": {"type": "InputText", "value": 1, "label": "Seed"},
    "users": Slider("Simulated users", 500, 100, 5_000, 100),
}


@solara.component
def Page() -> None:
    """Step the world and plot each layer's cash from the model's data collector."""
    world = solara.use_memo(lambda: World("baseline", rng=1, users=500), [])
    cash = make_plot_component([f"{layer}_cash" for layer in CHAIN])
    SolaraViz(world, components=[cash], model_params=CONTROLS, name="Water Sellers", play_interval=500)
