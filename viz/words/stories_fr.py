"""The French words of stories and of their atlas."""

FRENCH_STORY_WORDS = {
    "story.title": "Water Sellers : {title}",
    "story.claim": "L'affirmation, et ce qui en est sorti",
    "story.pictures": "Images",
    "story.conditions": "Où cela se renverse",
    "story.accounts": "La journée au dollar près",
    "story.gap": "Pourquoi un jeton coûte tellement plus à un autre hébergeur",
    "story.class": "Pour une classe",
    "story.mind": "À quoi prendre garde",
    "story.says": "L'article affirme : {claim}",
    "story.right": "Ce serait juste si : {right}",
    "story.wrong": "Ce serait faux si : {wrong}",
    "story.how": (
        "Graines : {seeds}, avec {users} usagers simulés chacune, de {since} à {until}. Témoin : {control}. À graine "
        "égale, l'histoire et son témoin ont le même hasard, si bien qu'ils diffèrent par ce que l'histoire change. "
        "Une affirmation tient si elle a tenu dans neuf graines sur dix, ne tient pas si elle a tenu dans une sur dix "
        "ou moins, et reste indécise entre les deux ; moins de {least} graines ne suffisent pas pour un verdict."
    ),
    "story.count.holds": "{count} tiennent",
    "story.count.does not hold": "{count} ne tiennent pas",
    "story.count.undecided": "{count} restent indécises",
    "story.count.not enough seeds": "{count} n'ont pas assez de graines pour un verdict",
    "story.counted": "Des {all} affirmations de l'article ici, {parts}.",
    "story.none": "Cette histoire n'examine aucune autre condition.",
    "story.said": "Affirmation",
    "story.of": "De qui",
    "story.article": "de l'article",
    "story.rival": "d'une thèse rivale",
    "story.condition": "ce sur quoi elle repose",
    "story.months": "Mois",
    "story.read": "Ce qui est lu",
    "story.held": "A tenu dans",
    "story.held_in": "{held} graines sur {seeds}",
    "story.without": " ; {left_out} graines sur {seeds} n'ont pas de valeur",
    "story.band": "Médiane, et {band}",
    "story.banded": "{middle} ({low} à {high})",
    "story.verdict": "Verdict",
    "verdict.holds": "tient ({seeds} graines)",
    "verdict.does not hold": "ne tient pas ({seeds} graines)",
    "verdict.undecided": "indécise ({seeds} graines)",
    "verdict.not enough seeds": "pas assez de graines : {seeds}, et un verdict en demande {least}",
    "band.nine_in_ten": "neuf graines sur dix",
    "band.all": "l'étendue de toutes les graines ({seeds})",
    "story.shaded": "Traits et marques : la médiane sur les graines ; autour, en clair : {band}.",
    "story.condition_head": "Condition",
    "story.turns": "{verdict} ; se renverse sous : {conditions}",
    "story.tests": "Ce qui a été mis à l'épreuve",
    "story.elsewhere": "Les mêmes affirmations sous d'autres conditions",
    "story.over_time": ("{layer} : résultat d'exploitation par trimestre, l'histoire (plein) et {control} (tirets)"),
    "story.moved": "L'effet de l'histoire : résultat d'exploitation de {since} à {until}, histoire moins témoin",
    "story.dots": "Un point par graine : {says} ({what})",
    "story.dots_of": "{title}, {words}",
    "story.this": "l'histoire",
    "story.control_short": "le témoin",
    "story.rows": "Lignes publiées sur lesquelles elle repose : {rows}. « watersellers facts » les recalcule.",
    "story.file": ("Le scénario est « watersellers scenarios show {name} », l'histoire un fichier du même nom."),
    "story.not": (
        "Ce que cette page n'affirme pas : qu'une affirmation tienne ici veut dire qu'elle suit des règles et des "
        "nombres du modèle, et non qu'il en est ainsi. Les entreprises sont stylisées ; beaucoup de nombres sont des "
        "hypothèses, chacune avec un intervalle qu'on peut balayer. Rien ici n'est une prévision ni un conseil de "
        "placement."
    ),
    "bands.summary": "En {month} : {ends}.",
    "bands.of": "De",
    "bands.middle": "Médiane",
    "bands.low": "De",
    "bands.high": "À",
    "day.case": "Cas",
    "day.revenue": "Recettes",
    "day.profit": "Au-delà des machines",
    "day.over_cost": "Sur le coût",
    "day.note": "D'après",
    "day.bill": "Les machines de la journée coûtent {bill}.",
    "day.break_even": "Il suffit de facturer {share} des jetons au prix affiché de R1 pour payer les machines.",
    "day.factor": "Facteur",
    "day.times": "Fois",
    "day.gap": (
        "Un million de jetons écrits coûte {mine} à DeepSeek et {theirs} à l'autre hébergeur, {gap} fois plus. "
        "Le produit des facteurs ci-dessous donne cet écart."
    ),
    "day.table": "Une journée, en dollars américains",
    "day.gap_table": "L'écart comme produit",
    "atlas.title": "Water Sellers : l'atlas des histoires",
    "atlas.question": (
        "Lesquelles des affirmations de l'article tiennent dans le modèle, sous quelles conditions, et où se "
        "renversent-elles ?"
    ),
    "atlas.answer": "La réponse",
    "atlas.stories": "Histoire par histoire",
    "atlas.how": "Comment le lire",
    "atlas.counted": (
        "Des {all} affirmations de l'article, {parts} ; {turned} se renversent sous une des conditions examinées."
    ),
    "atlas.story": "Histoire",
    "atlas.caption": "Graines : {seeds} ; usagers simulés : {users}",
    "atlas.teach": "Pour une classe : {teach}",
    "atlas.rows": "L'article, chiffre par chiffre",
    "atlas.rows_how": (
        "Ce que dit l'article, qui en tient lieu dans le modèle, et ce qu'ont donné ses affirmations dans les "
        "histoires qui s'y appuient : relevé avec {seeds} graines de {users} usagers simulés, sous la loi de "
        "Mansfield. 'watersellers entities' montre chacune de ces entreprises à l'œuvre."
    ),
    "atlas.row": "Ligne",
    "atlas.found.holds": "tient : {count}",
    "atlas.found.does not hold": "ne tient pas : {count}",
    "atlas.found.undecided": "indécis : {count}",
    "atlas.figure": "Ce que dit l'article",
    "atlas.entities": "Qui en tient lieu",
    "atlas.outcomes": "Ce qui en est sorti",
    "atlas.turned": "Ce qui s'est renversé, et pourquoi",
    "atlas.recorded": (
        "Relevé avec {seeds} graines de {users} usagers simulés : les affirmations qui tiennent dans la moitié des "
        "graines de plus, ou de moins, sous une autre loi d'adoption que celle de Mansfield, ou dans la chaîne nue, "
        "où les histoires se jouaient jusqu'en novembre 2026, avec les règles d'alors et dix graines. 'watersellers "
        "stories --recorded' les imprime toutes."
    ),
    "atlas.none_turned": "Aucune affirmation de ces histoires ne s'est renversée.",
    "atlas.turned_caption": "Graines où une affirmation a tenu, par monde",
    "atlas.elsewhere": "Ailleurs",
    "atlas.why": "Pourquoi",
    "atlas.not_sought": "non recherché",
    "atlas.world.bare chain": "La chaîne nue",
    "atlas.world.mansfield": "La loi de Mansfield",
    "atlas.world.epidemic": "La loi épidémique",
    "atlas.world.probit": "La loi probit",
}
