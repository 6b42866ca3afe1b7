"""The French words of studies: their designs, results and uncertainty."""

FRENCH_OF_SWEEPS = {
    "remark.bands.left_out": (
        "{rows} lignes sur {all} laissent de côté des simulations sans valeur : jusqu'à {most} sur {runs}, {where}."
    ),
    "remark.bands.few": (
        "Les bandes extérieures ne reposent que sur {runs} simulations et en sont l'étendue : neuf sur dix ne se"
        " distinguent qu'à partir de {enough} simulations."
    ),
    "remark.enough.left_out": "{left_out} simulations sur {all} n'ont pas de valeur et sont laissées de côté.",
    "remark.enough.few": (
        "La dispersion est celle de {replicates} répétitions et peut être fausse de {off} %, et avec elle ce qui en est"
        " calculé."
    ),
    "remark.sensitivity.left_out": (
        "{left_out} points sur {all} sont laissés de côté : une de leurs simulations n'a pas de valeur de la mesure, ou"
        " ils gardent la valeur d'un paramètre qu'a le scénario."
    ),
    "remark.sensitivity.unsure": (
        "{count} lignes sur {all} ne disent presque rien, leur propre erreur étant trop grande : {names}. Il y a {base}"
        " {unit} ; il en faudrait environ {needed}."
    ),
    "remark.sensitivity.unsure_open": (
        "{count} lignes sur {all} ne disent presque rien, leur propre erreur étant trop grande : {names}."
    ),
    "remark.map.left_out": (
        "{left_out} simulations sur {all} sont laissées de côté : elles n'ont pas de valeur, ou gardent la valeur d'un"
        " paramètre qu'a le scénario."
    ),
    "remark.map.empty": "{cells} cases sur {all} n'ont pas de valeur.",
    "remark.map.one_run": (
        "Aucune case n'a plus d'une simulation, si bien que la part des simulations d'accord ne dit rien."
    ),
    "remark.calibrate.left_out": (
        "{left_out} points sur {all} sont laissés de côté : une de leurs simulations n'a pas de valeur d'une cible."
    ),
    "remark.points": "points",
    "remark.trajectories": "trajectoires",
    "sweep.title": "Water Sellers : {name}",
    "sweep.kicker": "{scenario} : {runs} simulations, {points} points, {replications} répétitions chacun",
    "findings": "Ce qui en est sorti",
    "study": "L'étude",
    "who_profits": "Qui gagne où",
    "what_matters": "Ce qui compte",
    "month_by_month": "Mois par mois",
    "how_sure": "Ce que valent les moyennes",
    "runs_made": "Les simulations",
    "sweep.statuses": "{parts}.",
    "sweep.status": "{count} {status}",
    "sweep.varied": "Paramètres que l'on a fait varier",
    "sweep.parameter": "Paramètre",
    "sweep.over": "Sur",
    "sweep.made": "Fait avec",
    "sweep.badly": "Simulations qui ont mal fini",
    "sweep.none_badly": "Aucune simulation n'a mal fini.",
    "sweep.nothing": "Rien ici : {why}",
    "sweep.failed": "Ce graphique n'a pas pu être dessiné : {why}. Rien d'autre sur cette page n'en dépend.",
    "sweep.one_parameter": "une carte demande deux paramètres que l'on a fait varier.",
    "sweep.not_monthly": "rien n'a été mesuré mois par mois.",
    "sweep.not_single": "rien n'a été mesuré qui soit un seul nombre par simulation.",
    "table.run": "Simulation",
    "table.status": "État",
    "table.seed": "Graine",
    "table.error": "Erreur",
    "sweep.commands": "Chaque simulation peut être refaite seule : sa graine est dans runs.parquet.",
    "phases.title": "{measure} selon {x} et {y}",
    "phases.summary": "{parts}. {edges} arêtes entre cases les séparent.",
    "phases.summary_one": "{parts} : de même dans chaque case.",
    "phases.part": "{phase} : {cells} cases sur {all}",
    "phases.averaged": "Moyennes sur {names}, qui varient aussi.",
    "phases.phase": "Phase",
    "phases.value": "Valeur",
    "phases.margin": "Avance",
    "phases.agree": "Simulations d'accord",
    "phases.runs": "Simulations",
    "phases.empty": "Aucune case n'a de valeur.",
    "nobody": "Personne",
    "above 0": "Plus de 0",
    "0 or less": "0 ou moins",
    "bars.title": "{method} de {measure}",
    "bars.summary": "{name} a la plus grande : {value}.",
    "bars.summary_clear": "{name} a la plus grande : {value}. {rest} des autres ne se distinguent pas de 0.",
    "bars.empty": "Aucun paramètre n'a de valeur.",
    "bars.sobol": "Indices de Sobol', totaux et premiers,",
    "bars.morris": "Effets élémentaires, taille moyenne,",
    "bars.pawn": "Distances PAWN, médiane,",
    "bars.rbd_fast": "Indices RBD-FAST du premier ordre",
    "bars.value": "Valeur",
    "bars.low": "De",
    "bars.high": "À",
    "bars.second": "Premier",
    "fans.title": "{measure} : médiane, la moitié des simulations, neuf sur dix",
    "fans.title.few": "{measure} : médiane, la moitié des simulations (toutes si elles sont moins de {half}),"
    " neuf sur dix (toutes si elles sont moins de {least})",
    "fans.summary": "{parts}.",
    "fans.part": "{name} finit à {median} en {last}, neuf simulations sur dix entre {lowest} et {highest}",
    "fans.part.all": "{name} finit à {median} en {last}, toutes les {runs} simulations entre {lowest} et {highest}",
    "fans.empty": "Aucune simulation n'a de valeur.",
    "fans.lowest": "5 %",
    "fans.low": "25 %",
    "fans.median": "50 %",
    "fans.high": "75 %",
    "fans.highest": "95 %",
    "fans.lowest.few": "5 %, ou la plus basse",
    "fans.low.few": "25 %, ou la plus basse",
    "fans.median.few": "50 %",
    "fans.high.few": "75 %, ou la plus haute",
    "fans.highest.few": "95 %, ou la plus haute",
    "fans.who": "Qui",
    "narrowing.title": "{measure} : la moyenne d'un point et son intervalle à 95 %, selon le nombre de répétitions",
    "narrowing.summary": (
        "Avec {replicates} répétitions, la moyenne d'un point est connue à {half} près, au pire à {widest} près."
    ),
    "narrowing.replicates": "Répétitions",
    "narrowing.mean": "Moyenne",
    "narrowing.least": "Moyenne moins la plus grande demi-largeur",
    "narrowing.low": "Moyenne moins la demi-largeur",
    "narrowing.high": "Moyenne plus la demi-largeur",
    "narrowing.most": "Moyenne plus la plus grande demi-largeur",
    "narrowing.half": "Demi-largeur",
    "narrowing.widest": "La plus large",
    "narrowing.axis": "répétitions",
}
