"""Questions to ask of the world: a lesson to teach from, and the scenarios, each with its question."""

from watersellers.experiments.catalogue import ours
from watersellers.experiments.steering import Recipe
from watersellers.experiments.stories.story import story_names, story_said
from watersellers.viz.charts.svg import Markup, element
from watersellers.viz.live.address import Address
from watersellers.viz.live.scene import Scene
from watersellers.viz.pages.controls import at, button, link
from watersellers.viz.pieces import paragraph

STEPS = ("predict", "observe", "explain")
TASKS = {"predict": 3, "observe": 5, "explain": 4}
NOTES = 5


def page(scene: Scene) -> Markup:
    """Show the lesson and the scenarios."""
    say = scene.words
    head = [element("h1", {}, say("stories.title")), paragraph(say("stories.key"))]
    return element("article", {}, *head, _lesson(scene), _scenarios(scene))


def _lesson(scene: Scene) -> Markup:
    """Lay out the lesson: a handout for students on one page, and notes for the teacher."""
    say = scene.words
    begin = link(say("lesson.begin"), Address(language=scene.address.language, theme=scene.address.theme), kind="wide")
    steps = []
    for step in STEPS:
        tasks = [element("li", {}, say(f"lesson.{step}_{n}")) for n in range(1, TASKS[step] + 1)]
        steps += [element("h3", {}, say(f"lesson.{step}")), element("ol", {}, *tasks)]
    handout = element(
        "section",
        {"class": "handout", "aria-labelledby": "handout"},
        element("h2", {"id": "handout"}, say("lesson.title")),
        paragraph(say("lesson.lead"), "lead"),
        paragraph(say("lesson.name"), "blank"),
        *steps,
    )
    notes = [element("li", {}, say(f"lesson.note_{n}")) for n in range(1, NOTES + 1)]
    teacher = element("section", {"class": "notes"}, element("h2", {}, say("lesson.notes")), element("ul", {}, *notes))
    buttons = element("p", {"class": "control"}, begin, button(say("lesson.print"), "print"))
    return element("div", {}, buttons, handout, teacher)


def _card(name: str, scene: Scene) -> Markup:
    """Show a story: its title, which opens its world, its question, and what the article claims."""
    told, say = story_said(name), scene.words
    there = at(scene.address, page="live", recipe=Recipe(name), month=None, look="")
    return element(
        "li",
        {},
        link(told.title, there),
        paragraph(ours().read(name).question),
        paragraph(say("stories.claim", claim=told.claim), "note"),
    )


def _scenarios(scene: Scene) -> Markup:
    """List the stories, each with its question, its claim and a link that opens its world."""
    say = scene.words
    told = [_card(name, scene) for name in story_names()]
    return element("section", {}, element("h2", {}, say("stories.scenarios")), element("ul", {"class": "cards"}, *told))
