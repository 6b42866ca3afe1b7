"""The stories page: a lesson plan, and the stories, each with its question."""

from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.runs.run_spec import RunSpec
from watersellers.experiments.stories.story import story_names, story_text
from watersellers.viz.drawing.svg import Markup, element
from watersellers.viz.lab.pages.controls import button, changed, link
from watersellers.viz.lab.view.address import Address
from watersellers.viz.lab.view.scene import Scene
from watersellers.viz.reports.html_parts import paragraph

STEPS = ("predict", "observe", "explain")
TASKS = {"predict": 3, "observe": 5, "explain": 4}
NOTES = 5


def page(scene: Scene) -> Markup:
    """Make the page: the lesson and the stories."""
    say = scene.words
    head = [element("h1", {}, say("stories.title")), paragraph(say("stories.key"))]
    return element("article", {}, *head, _lesson(scene), _scenarios(scene))


def _lesson(scene: Scene) -> Markup:
    """Make the lesson: a one-page handout for students, and notes for the teacher."""
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
    """Make a story's card: its title with a link to its world, its question, and the article's claim."""
    story, say = story_text(name), scene.words
    there = changed(scene.address, page="live", run_spec=RunSpec(name), month=None, look="")
    return element(
        "li",
        {},
        link(story.title, there),
        paragraph(builtin_catalogue().read(name).question),
        paragraph(say("stories.claim", claim=story.claim), "note"),
    )


def _scenarios(scene: Scene) -> Markup:
    """List the stories."""
    say = scene.words
    cards = [_card(name, scene) for name in story_names()]
    return element(
        "section", {}, element("h2", {}, say("stories.scenarios")), element("ul", {"class": "cards"}, *cards)
    )
