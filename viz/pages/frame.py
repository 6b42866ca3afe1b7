"""What stands around every page: the bar with the pages, and words for what went wrong."""

from watersellers.viz.charts.svg import Markup, element, joined
from watersellers.viz.live.address import PAGES
from watersellers.viz.live.scene import Scene
from watersellers.viz.pages.controls import at, button, choice, link
from watersellers.viz.words import LANGUAGES


def bar(scene: Scene) -> Markup:
    """Draw the bar at the top: the pages, the language, light or dark, and the link to what is seen."""
    say, here = scene.say, scene.address
    skip = element("a", {"class": "skip", "href": "#stage"}, say("lab.skip"))
    brand = element("p", {"class": "brand"}, "Water Sellers")
    links = [element("li", {}, link(say(f"page.{page}"), at(here, page=page), page == here.page)) for page in PAGES]
    pages = element("nav", {"aria-label": say("lab.pages")}, element("ul", {}, *links))
    languages = [(key, words("lab.language")) for key, words in LANGUAGES.items()]
    themes = [(theme, say(f"theme.{theme}")) for theme in ("auto", "light", "dark")]
    tools = [
        choice("language", say("lab.choose_language"), languages, here.language, hidden=True),
        choice("theme", say("lab.choose_theme"), themes, here.theme, hidden=True),
        button(say("lab.link"), "link"),
    ]
    return joined([skip, brand, pages, element("div", {"class": "tools"}, *tools)])


def troubles(scene: Scene) -> Markup:
    """Say what went wrong, where it is seen and heard."""
    views = [scene.view, *([scene.other.view] if scene.other else [])]
    told = dict.fromkeys(text for text in (scene.message, *(view.failed for view in views)) if text)
    if not told:
        return Markup("")
    close = button(scene.say("lab.close"), "dismiss")
    return element("div", {"class": "trouble"}, *(element("p", {}, text) for text in told), close)
