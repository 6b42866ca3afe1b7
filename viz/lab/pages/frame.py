"""The frame of every page: the bar with the links to all pages, and the failure messages."""

from watersellers.viz.drawing.svg import Markup, element, joined
from watersellers.viz.lab.pages.controls import button, changed, choice, link
from watersellers.viz.lab.view.address import PAGES
from watersellers.viz.lab.view.scene import Scene
from watersellers.viz.words.catalogue import LANGUAGES


def bar(scene: Scene) -> Markup:
    """Make the bar at the top: the pages, the language, light or dark, and the link to the screen."""
    say, here = scene.say, scene.address
    skip = element("a", {"class": "skip", "href": "#stage"}, say("lab.skip"))
    brand = element("p", {"class": "brand"}, "Water Sellers")
    links = [link(say(f"page.{page}"), changed(here, page=page), page == here.page) for page in PAGES]
    listed = [element("li", {}, each) for each in links]
    pages = element("nav", {"aria-label": say("lab.pages")}, element("ul", {}, *listed))
    languages = [(key, words("lab.language")) for key, words in LANGUAGES.items()]
    themes = [(theme, say(f"theme.{theme}")) for theme in ("auto", "light", "dark")]
    tools = [
        choice("language", say("lab.choose_language"), languages, here.language, hidden=True),
        choice("theme", say("lab.choose_theme"), themes, here.theme, hidden=True),
        button(say("lab.link"), "link"),
    ]
    return joined([skip, brand, pages, element("div", {"class": "tools"}, *tools)])


def failures(scene: Scene) -> Markup:
    """Make the failure messages."""
    views = [scene.view, *([scene.other.view] if scene.other else [])]
    messages = dict.fromkeys(text for text in (scene.message, *(view.failed for view in views)) if text)
    if not messages:
        return Markup("")
    close = button(scene.say("lab.close"), "dismiss")
    return element("div", {"class": "failure"}, *(element("p", {}, text) for text in messages), close)
