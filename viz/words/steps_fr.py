"""The French words of the page of the steps between two worlds."""

FRENCH_STEP_WORDS = {
    "steps.title": "Water Sellers : de {first} à {second}, étape par étape",
    "steps.question": "Que change chaque scénario entre {first} et {second} au résultat de chaque couche ?",
    "steps.answer": "Ce que change chaque étape",
    "steps.pictures": "Couche par couche",
    "steps.path": "Ce qu'apporte chaque étape",
    "steps.others": "Recettes et flux de trésorerie libre",
    "steps.lead": "De {first} à {second} en {steps} étapes : résultat d'exploitation sur {period}, moyennes sur"
    " {seeds} graines, avec {users} utilisateurs simulés.",
    "steps.order": "La somme des étapes est la différence entière. Leur ordre compte : l'effet d'une étape suppose"
    " celles qui la précèdent, et dans un autre ordre il peut être autre. L'ordre est celui dans lequel Water Sellers"
    " pose les fichiers que le second scénario prolonge.",
    "steps.chance": "{mark} peut être dû au hasard : la bande des différences entre graines ({band}) contient zéro, et"
    " une seule graine n'en dit pas le signe. La moyenne est plus sûre : les données sous chaque image disent combien"
    " de graines s'accordent.",
    "steps.one_seed": "Une seule graine ne dit rien du hasard : chacune de ces différences peut lui être due.",
    "steps.few": "Avec si peu de graines, une différence sans cause sur {odds} ne porterait pas de {mark}.",
    "steps.no_layer": "Peut-être dues au hasard dans toutes les couches : {steps}.",
    "steps.some_layer": "Chaque étape change le résultat d'au moins une couche au-delà du hasard.",
    "steps.table": "{measure} : ce qu'ajoute chaque étape, en dollars, sur {period}",
    "steps.step": "Monde et étapes",
    "steps.all": "Toutes les étapes",
    "steps.before": "Avant",
    "steps.after": "Après",
    "steps.difference": "Différence",
    "steps.band": "Bande : {band}",
    "steps.agree": "Graines de ce signe",
    "steps.pictures.note": "Une barre mène du résultat avant une étape au résultat après elle. Le trait fin sur son"
    " bout est la bande de la différence ({band}) ; une barre pâle peut être due au hasard. La dernière barre a la"
    " bande de la différence entière.",
    "steps.picture": "{layer} : résultat d'exploitation de {first} à {second}",
    "steps.summary": "{first} : {before}. Les plus grandes étapes au-delà du hasard : {largest}. {second} : {after}.",
    "steps.summary_of_one": "{first} : {before}. Les plus grandes étapes d'une graine : {largest}. {second} : {after}.",
    "steps.none": "aucune",
    "steps.in_chance": "hasard possible",
    "steps.path.note": "Le fichier d'un scénario commence par sa question, en anglais. Un fichier de nombres trouvés"
    " par un calage peut avoir la question du monde qu'il achève.",
    "steps.asks": "Question",
    "steps.values": "Valeurs posées",
    "steps.events": "Événements",
}
