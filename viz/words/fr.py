"""The French words: sentences, headings, and names of layers."""

from watersellers.viz.words.fit_fr import FRENCH_FIT_WORDS
from watersellers.viz.words.lab_fr import LAB_FRENCH
from watersellers.viz.words.names_fr import FRENCH_LINES
from watersellers.viz.words.steps_fr import FRENCH_STEP_WORDS
from watersellers.viz.words.stories_fr import FRENCH_STORY_WORDS
from watersellers.viz.words.sweeps_fr import FRENCH_OF_SWEEPS

FRENCH_WORDS = {
    **FRENCH_FIT_WORDS,
    **FRENCH_STEP_WORDS,
    **FRENCH_STORY_WORDS,
    **FRENCH_OF_SWEEPS,
    # layers
    "chips": "Puces",
    "cloud": "Nuages",
    "labs": "Labos",
    "apps": "Applis",
    "users": "Usagers",
    "enterprises": "Entreprises",
    "advertisers": "Annonceurs",
    "investors": "Investisseurs",
    "lenders": "Prêteurs",
    "world": "Reste du monde",
    "customers": "Clients",
    "others": "Autres {layer}",
    "and": " et ",
    # the page
    "page.title": "Water Sellers : {scenario}, graine {seed}",
    "page.kicker": "Qui gagne le long de la chaîne de l'IA ? Une simulation.",
    "page.skip": "Aller à la réponse",
    "page.contents": "Sommaire",
    "answer": "La réponse",
    "layers": "Par étage",
    "firms": "Entreprise par entreprise",
    "over_time": "Au fil du temps",
    "graph": "Qui achète à qui",
    "money": "L'argent d'une année",
    "owners": "Par propriétaire",
    "events": "Événements",
    "books": "Les comptes d'une entreprise",
    "sources": "D'où vient chaque chiffre",
    "warnings": "À quoi prendre garde dans ce monde",
    # the answer
    "period.many": "les {months} mois jusqu'à {month}",
    "period.one": "{month}",
    "measure.dated": "{measure}, {period}",
    "answer.made": "{who} ont gagné de l'argent sur {period} : {amounts}.",
    "answer.lost": "{who} ont perdu de l'argent sur {period} : {amounts}.",
    "answer.nobody_made": "Aucun étage n'a gagné d'argent sur {period}.",
    "answer.nobody_lost": "Aucun étage n'a perdu d'argent sur {period}.",
    "answer.goes_on": (
        "La simulation continue jusqu'à {month} ; ses 12 derniers mois et chaque année civile se trouvent sous "
        "Par étage."
    ),
    "answer.amount": "{name} {amount}",
    "answer.spending": (
        "Usagers, entreprises et annonceurs ont dépensé {spent} dans la chaîne. "
        "Pour chaque dollar, le résultat d'exploitation fut de {parts}."
    ),
    "answer.no_spending": (
        "Usagers, entreprises et annonceurs n'ont rien dépensé dans la chaîne ; aucune part ne peut être donnée."
    ),
    "answer.cents_made": "{cents} cents pour {name}",
    "answer.cents_lost": "moins {cents} cents pour {name}",
    "answer.firms_best": "Celles qui ont le plus gagné : {firms}.",
    "answer.firms_worst": "Celles qui ont le plus perdu : {firms}.",
    "answer.profit": (
        "Gagner ou perdre s'entend du résultat d'exploitation = recettes \N{MINUS SIGN} coût des ventes \N{MINUS SIGN} "
        "charges d'exploitation \N{MINUS SIGN} amortissement (l'usure des machines) \N{MINUS SIGN} dépréciation. Il "
        "est celui de la seule activité d'IA : ce qu'un propriétaire gagne avec la recherche, le commerce ou les jeux "
        "n'y est pas, ni les dividendes ni l'argent des investisseurs."
    ),
    "answer.chain": (
        "La chaîne : les fabricants de puces vendent des machines aux nuages ; les nuages les louent à l'heure aux "
        "labos ; les labos font des modèles et vendent ce qu'ils lisent et écrivent, compté en jetons (morceaux de "
        "mots), aux applis ; les applis servent les usagers."
    ),
    "answer.beyond": (
        "Un étage peut gagner plus que toute la dépense finale, car les nuages paient leurs machines avant de s'en "
        "servir, avec l'argent de propriétaires et d'investisseurs."
    ),
    "answer.follow": "Un étage ou son chiffre mène à ses entreprises ; là, le nom d'une entreprise mène à ses comptes.",
    "firms.key": (
        "Comment se forme le résultat de chaque entreprise : les recettes moins les charges des colonnes suivantes ; "
        "une charge qu'aucune entreprise de l'étage ne connaît est omise. La somme des entreprises est le chiffre de "
        "l'étage. Un nom mène aux comptes, où chaque chiffre est détaillé par échange."
    ),
    "firms.title": "{layer} : sommes sur {period}, en dollars",
    "firms.overridden": "Où une règle l'a emporté sur une décision",
    "firms.overridden.key": (
        "Une stratégie répond pour sa firme, et ce qu'elle répond a lieu, sauf en ces mois : une règle a plafonné ou"
        " remplacé la réponse, car la trésorerie, les prêts ou un fournisseur donnaient moins, ou car les hébergeurs"
        " d'un modèle ouvert aussi bon plafonnaient le prix."
    ),
    "firms.overridden.decision": "Décision",
    "firms.overridden.count": "Mois",
    "firms.overridden.when": "Quand",
    "firms.span": "{first} à {last}",
    "firms.total": "{layer}, ensemble",
    # final spending
    "spending.title": "Dépense finale sur {period} : qui a payé, et pour quoi",
    "spending.total": "Dépense finale",
    "spending.dollar": "De chaque dollar de dépense finale, en cents : {parts}.",
    "spending.part": "{cents} en {kind} par {payer}",
    "spending.rest": "{cents} pour tout le reste",
    "spending.left_out": (
        "Non comptés dans la dépense finale : {parts}. Les activités anciennes de propriétaires (recherche, commerce, "
        "jeux) et les programmes d'États s'en servent eux-mêmes ; les résultats des vendeurs ci-dessus comprennent ce "
        "qu'ils y ont gagné."
    ),
    "spending.other": "{amount} pour {kind}, payés par {payers}",
    "spending.paid": "{payer} ({amount})",
    "spending.others": "{count} autres ({amount})",
    "spending.assumed": (
        "La dernière colonne omet {assumed} de machines et d'heures de GPU que des entreprises ont achetées pour des "
        "modèles à elles : ce qu'elles en font, personne dans le modèle ne le voit. "
        "Il reste {rest} de dépense. Les résultats sont les mêmes dans les deux colonnes et comprennent ces ventes."
    ),
    # the chain seen from outside
    "inputs.title": "Ce que les étages ont reçu pour leurs ventes sur {period}, et ce qui en était donné d'avance",
    "inputs.note": (
        "Donné d'avance : ce que des payeurs extérieurs auraient payé si rien ne s'était passé dans la chaîne depuis"
        " {first}, et ce que les firmes avaient à l'ouverture des comptes, suivi de paiement en paiement : ce qui"
        " serait venu de toute façon. Tenu par un plafond : ce qu'une limite décide, et non le souhait du payeur ; cela"
        " dit jusqu'où le scénario fixe la fin de la croissance."
    ),
    "segments.title": "Ce que les clouds ont vendu sur {period}, à leurs propres groupes et à d'autres",
    "segments.list": "Au prix affiché",
    "segments.cost": "Au coût",
    "segments.total": "Tout ce que les clouds ont vendu",
    "segments.note": (
        "{share} de ce que les clouds ont vendu est resté dans leurs propres groupes, aux prix que paient les autres."
        " Au coût : tous les coûts du mois, divisés par les heures vendues. Les heures des modèles ouverts que les"
        " clouds hébergent ne sont pas vendues comme telles, et leur coût retombe sur celles qui le sont."
    ),
    "segments.backlog": (
        "Fin {month}, des clients s'étaient engagés pour {amount} d'heures encore à venir : le carnet de commandes. La"
        " plus grande part, {most}, chez {cloud}."
    ),
    "segment.own_use": "Propre groupe : usage dans son ancienne activité",
    "segment.own_group": "Propre groupe : ses labos et applications",
    "segment.other_owners": "Autres anciennes activités",
    "segment.states": "États",
    "segment.idle": "Personne : mois sans vente",
    "chain.profit": (
        "Comme une seule société, les machines comptées à leur coût pour la chaîne, au fil de leur usure, la chaîne a"
        " gagné {consolidated_profit} sur {external_revenue} facturés à d'autres."
    ),
    "chain.more": (
        "Ensemble, ses firmes comptent {amount} de plus : le profit sur des machines qui se trouve dans les parcs et"
        " que personne au-dehors n'a encore payé."
    ),
    "chain.less": "Ensemble, ses firmes comptent {amount} de moins : des machines vendues avec profit s'usent.",
    # tables
    "table.segment": "Clients",
    "table.hours": "Heures de GPU",
    "table.sum": "Montant",
    "table.share": "Part",
    "table.exact": "Dollars, au cent près",
    "table.caption": "Sommes sur {period}, en dollars",
    "table.layer": "Étage",
    "table.received": "Reçu pour des ventes",
    "input_share": "Donné d'avance",
    "ceiling_share": "Tenu par un plafond",
    "table.month": "Mois",
    "table.firm": "Entreprise",
    "table.seller": "Vendu par",
    "table.owner": "Propriétaire",
    "table.layers": "Présent dans",
    "table.line": "Ligne",
    "table.from": "Payeur",
    "table.to": "Receveur",
    "table.good": "Pour",
    "table.amount": "Dollars",
    "table.none": "Rien à montrer.",
    "table.data": "Données de cette image ({rows} lignes)",
    "table.scroll": "Tableau : {title}. Défile de côté si la place manque.",
    "scroll.hint": "La suite à droite : faites défiler.",
    "chart.scroll": "Image : {title}. Défile de côté si la place manque.",
    "revenue": "Recettes",
    "operating_profit": "Résultat d'exploitation",
    "operating_margin": "Marge d'exploitation",
    "free_cash_flow": "Flux de trésorerie libre",
    "profit_over_final_spending": "Résultat sur dépense finale",
    "profit_over_rest": "Sans les machines et heures propres des entreprises",
    "share_of_positive_profit": "Part des gains",
    "intra_group": "Vendu dans le groupe",
    "layers.years": "Résultat d'exploitation par année, en dollars",
    "layers.note": (
        "Les étages sont bruts : ce que se vendent les entreprises d'un même propriétaire compte. La dépense finale "
        "est ce qu'usagers, entreprises et annonceurs ont acheté à la chaîne. Le flux libre est net des machines "
        "payées : un étage peut gagner et pourtant consommer de la trésorerie. Les parts des gains ne comparent que "
        "les étages qui en ont fait."
    ),
    "owners.note": (
        "Un propriétaire peut être présent dans plusieurs étages. Les ventes dans le groupe sont ôtées ici ; ce "
        "tableau et celui par étage répondent donc à deux questions : où dans la chaîne, et à qui."
    ),
    "owners.sums": "Sommes sur {period} ; {count} propriétaires, par résultat d'exploitation.",
    # lines
    "lines.cash": "Trésorerie à la fin du mois, par étage",
    "lines.cash_axis": "dollars",
    "lines.profit_over_final_spending": "Résultat d'exploitation sur dépense finale, par étage",
    "lines.profit_over_final_spending_axis": "part de ce qu'usagers, entreprises et annonceurs ont dépensé ce mois",
    "lines.operating_margin": "Marge d'exploitation, par étage",
    "lines.operating_margin_axis": "résultat sur recettes ; pas de ligne sans recettes",
    "lines.summary": "De {first} à {last}. À la fin : {ends}.",
    "lines.summary_one": "{first} seulement. {ends}.",
    "lines.end": "{name} {value}",
    "lines.empty": "Aucun mois n'a de valeur.",
    "lines.cut": "Hors du cadre : {parts}. Le tableau a toutes les valeurs.",
    "lines.cut_part": "{name} (mois : {months} ; au plus loin {value} en {month})",
    # supply graph
    "graph.title": "Qui a payé qui en {month}",
    "graph.summary": (
        "{firms} entreprises et {links} relations, {amount} payés dans le mois. Les plus grandes : {largest}. "
        "En perte ou en dette (cercle pointillé) : {losing} sur {firms}."
    ),
    "graph.summary_none": (
        "{firms} entreprises, aucune relation. En perte ou en dette (cercle pointillé) : {losing} sur {firms}."
    ),
    "graph.link": "{payer} paie {amount} à {payee} pour {good}",
    "graph.idle": "{payer} et {payee} : une relation pour {good}, sans paiement ce mois",
    "graph.node": "{name} ({layer}) : trésorerie {cash}, marge {margin}{state}",
    "graph.outside": "{name} : hors de la chaîne",
    "graph.closed": ", fermée",
    "graph.key": (
        "L'argent va de droite à gauche, des acheteurs aux vendeurs. Un trait est aussi large que l'argent payé dans "
        "le mois, l'aire d'un cercle est la trésorerie, un cercle pointillé est une perte ou une dette. Les tailles "
        "ont le même sens tous les mois. Pointez un trait ou un cercle, ou touchez-le, pour ses chiffres."
    ),
    "outside.key": "Les carrés, et les barres des deux côtés de l'image suivante, sont hors de la chaîne :",
    "outside.users": "des gens qui paient une appli ou s'en servent gratuitement",
    "outside.enterprises": ("des entreprises qui achètent des jetons, louent des heures ou ont des machines"),
    "outside.advertisers": "des entreprises qui paient les applis pour montrer des publicités",
    "outside.investors": "des fonds qui achètent des parts de labos et d'applis et paient ainsi leurs pertes",
    "outside.lenders": "ceux qui prêtent aux entreprises",
    "outside.world": "tous les autres : le fondeur, les bâtisseurs, l'électricité, le personnel, les médias",
    "outside.older_businesses": (
        "ce que les propriétaires gagnent avec la recherche, le commerce ou les jeux ; ils en paient leurs entreprises "
        "d'IA et des heures pour eux-mêmes"
    ),
    "outside.states": "des États, dont les programmes louent des heures pour la recherche et de jeunes entreprises",
    "outside.shareholders": "ceux qui touchent des dividendes ; dans les comptes, une partie du reste du monde",
    "graph.month": "Mois du graphe",
    "graph.more": "Sans scripts, le dernier mois est montré ; les tableaux de tous les mois sont dans le dossier.",
    # sankey
    "sankey.title": "Où est allé l'argent, {period}",
    "sankey.summary": (
        "{drawn} ont changé de mains avec la chaîne, comptés à chaque passage. Les plus grands : {largest}."
    ),
    "sankey.summary_none": "Aucune entreprise de la chaîne n'a payé ni reçu.",
    "sankey.left_out": "Non dessinés : {amount} payés entre {who} seulement, hors de la chaîne.",
    "sankey.outside": "usagers, entreprises, annonceurs, investisseurs, prêteurs et reste du monde",
    "sankey.pays": "Qui paie",
    "sankey.gets": "Qui reçoit",
    "sankey.link": "{payer} à {payee} : {amount}, {purpose}",
    "sankey.goods": "paiements de biens, de la couleur d'une entreprise",
    "sankey.funding": "argent d'investisseurs et de propriétaires : parts, apports, dividendes",
    "sankey.node": "{name} : {got} reçus, {paid} payés",
    "sankey.key": (
        "L'argent va de droite à gauche. Les bandes pleines sont des paiements de biens, de la couleur du vendeur, ou "
        "de l'acheteur si le vendeur est hors de la chaîne ; les vertes rayées sont l'argent d'investisseurs et de "
        "propriétaires. Une barre est aussi haute que le plus grand de ce qui est entré et sorti. Les petites "
        "entreprises d'un étage sont réunies. Pointez une bande ou une barre pour ses chiffres."
    ),
    "sankey.year": "en {year}",
    "sankey.months": "de {first} à {last}",
    # events
    "events.count": "{count} événements : {kinds}.",
    "events.partners": "changements de partenaires : {count}",
    "events.strategy": "stratégies adoptées : {count}",
    "events.rare": "Les tournants :",
    "events.all": "Tous les événements, par année :",
    "events.year": "{year} : {kinds}",
    "events.plain": "{who} : {what}",
    "events.exit": "liquidations : {count}",
    "events.reorganised": "reprises par les créanciers : {count}",
    "events.short_of_incomes": "le reste du monde sans argent : {count}",
    "events.seizure": "parcs saisis par les prêteurs : {count}",
    "events.closing": "fermetures à temps : {count}",
    "events.breakthrough": "percées : {count}",
    "events.scandal": "scandales : {count}",
    "events.pivot": "entreprises qui ne vendent plus que ce qui rapporte : {count}",
    "events.grants_stopped": "propriétaires qui cessent de verser : {count}",
    "events.grants_resumed": "propriétaires qui versent de nouveau : {count}",
    "events.entry_failed": "entrées manquées : {count}",
    "events.set": "changements du scénario : {count}",
    "events.entry": "nouvelles entreprises : {count}",
    "events.round": "levées de fonds : {count}",
    "events.milestone": "paliers d'usage : {count}",
    "events.layer_turned": "étages passés du gain à la perte ou l'inverse : {count}",
    "events.short_of_cash": "entreprises à court : {count}",
    "events.sales_halved": "ventes réduites de moitié : {count}",
    "events.first_profit": "premiers gains : {count}",
    "events.other": "autres événements : {count}",
    "events.none": "Rien d'extraordinaire n'est arrivé.",
    # books
    "books.opening": "Ouverture",
    "books.part": "{kind} ({other})",
    "books.others": "tous les autres",
    "books.key": (
        "Les lignes en retrait disent de quoi une ligne est faite : ce qui fut vendu ou acheté, et avec qui ; leur "
        "somme est exacte au cent, avant arrondi. Les lignes vides sont omises. Les heures de GPU d'un labo sont un "
        "coût des ventes quand elles servent des clients, une charge quand elles entraînent des modèles. Le flux "
        "d'exploitation est obtenu deux fois : depuis le résultat net, et comme recettes moins paiements."
    ),
    "books.choose": "Entreprise",
    "books.period": "Colonnes",
    "books.months": "Mois",
    "books.quarters": "Trimestres",
    "books.years": "Années",
    "books.title": "{statement}, {firm}",
    "books.unit": "en {unit}",
    "books.income": "Compte de résultat",
    "books.cash_flow": "Tableau de flux",
    "books.balance_sheet": "Bilan en fin de période",
    "books.partial": "* tous les mois de la période ne sont pas dans cette simulation",
    "books.noscript": "Sans scripts, une entreprise est montrée, par année. Toutes sont dans le dossier.",
    "books.none": "Cette simulation n'a pas d'entreprise.",
    "unit.m": "millions de dollars",
    "unit.k": "milliers de dollars",
    "unit.1": "dollars",
    # warnings
    "warnings.warnings": "On peut simuler ceci, mais cela n'a jamais l'effet voulu (phrases en anglais) :",
    "warnings.notes": "Ceci a été retiré ou remplacé dans le scénario de départ (phrases en anglais) :",
    # sources
    "sources.all": (
        "Suivez tout chiffre de la réponse vers les entreprises de son étage, et une entreprise vers ses comptes : "
        "leurs lignes sont des sommes d'écritures du journal, qui tient chaque paiement et chaque facture des deux "
        "côtés, au cent. Tous les autres chiffres et images en sont calculés. La simulation se répète, au dernier "
        "cent, depuis ce qui est écrit ici."
    ),
    "sources.scenario": "Scénario",
    "sources.question": "Sa question",
    "sources.seed": "Graine",
    "sources.months": "Mois",
    "sources.users": "Usagers simulés",
    "sources.set": "Réglages changés",
    "sources.changes": "Changé en cours de route",
    "sources.strategies": "Stratégies propres",
    "sources.version": "Version",
    "sources.backend": "Calculé avec",
    "sources.code": "Empreinte du code du modèle",
    "sources.digest": "Empreinte du journal",
    "sources.started": "Commencé",
    "sources.status": "État",
    "sources.nothing": "aucun",
    "sources.parameters": (
        "Chaque nombre des règles a une unité, un intervalle et une source : voir la commande 'watersellers "
        "parameters'. Le scénario complet est ci-dessous et dans le manifeste."
    ),
    "sources.text": "Le scénario complet",
    "sources.not": (
        "Ce que cette page ne prétend pas : les entreprises sont stylisées d'après des chiffres publiés et ne sont pas "
        "les entreprises elles-mêmes ; les comptes sont ceux de la seule activité d'IA ; une simulation est un tirage "
        "du hasard et non une prévision ; rien ici n'est un conseil de placement."
    ),
    **FRENCH_LINES,
    **LAB_FRENCH,
}
