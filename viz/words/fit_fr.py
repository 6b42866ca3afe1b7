"""The French words of the validation page."""

FRENCH_FIT_WORDS = {
    "fit.title": "Water Sellers : les chiffres publiés à côté de ceux du modèle",
    "fit.question": "Que vaut le monde de référence face à ce qui a été publié jusqu'en février 2025 ?",
    "fit.score": "Le bilan",
    "fit.picture": "À quelle distance",
    "fit.figures": "Chaque chiffre",
    "fit.company": "Chiffres d'entreprises entières",
    "fit.lead": "{fit} chiffres publiés sur {targets} sont dedans ou proches, sur {seeds} graines.",
    "fit.rules": "Dedans : à moins d'un quart près (flux), de cinq points (marges) ou d'un facteur deux (entreprises de"
    " moins de 100 millions de dollars, et ce qui n'est pas publié plus finement) ; proche : à moins du double. Ces"
    " tolérances ont été fixées avant tout calage.",
    "fit.figures.note": "Chiffres publiés de l'activité d'IA : à côté de chacun la médiane sur les graines, la bande"
    " ({band}), et, s'il ne s'accorde pas, pourquoi.",
    "fit.company.note": "Montrés et non notés : les comptes du modèle sont ceux de la seule activité d'IA.",
    "fit.of": "De",
    "demand from work": "La demande qui vient du travail",
    "public in February 2025": "Ce qui était public en février 2025",
    "high confidence": "Confiance élevée",
    "all": "Toutes",
    "fit.targets": "Cibles",
    "fit.inside": "dedans",
    "fit.near": "proche",
    "fit.outside": "dehors",
    "fit.fits": "Dedans ou proche",
    "fit.target": "Chiffre",
    "fit.period": "Mois",
    "fit.published": "Publié",
    "fit.simulated": "Simulé",
    "fit.band": "Bande : {band}",
    "fit.verdict": "Verdict",
    "fit.confidence": "Confiance",
    "fit.source": "Source",
    "fit.why": "Notes, et pourquoi",
    "fit.between": "{low} à {high}",
    "fit.high": "haute",
    "fit.medium": "moyenne",
    "fit.low": "faible",
    "standing.title": "Distance de chaque chiffre simulé au chiffre publié, en tolérances",
    "standing.summary": "{inside} chiffres sont dans leur tolérance, {near} proches, {outside} dehors. Une marque est"
    " la médiane sur les graines, un trait la bande ; le fond foncé est dedans, le clair est"
    " proche.",
    "standing.published": "comme publié",
    "standing.less": "le modèle a moins",
    "standing.more": "le modèle a plus",
}
