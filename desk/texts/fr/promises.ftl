# Ce qui a été promis à un appelant, et ce qu’il en est advenu.

rating = Note
told = Attente annoncée
told-said = A entendu
told-real = A encore attendu
told-short = annoncé :
told-too-little = trop peu annoncé
told-position = numéro { $n }
told-place = la place seulement
told-less-than = moins de { $minutes ->
        [one] 1 minute
       *[other] { $minutes } minutes
    }
told-about = environ { $minutes ->
        [one] 1 minute
       *[other] { $minutes } minutes
    }
told-more-than = plus de { $minutes ->
        [one] 1 minute
       *[other] { $minutes } minutes
    }
callback = Rappel
callback-attempt = essai { $n }
callback-no-attempts = Pas encore essayé.
callback-total-wait = Attente totale, sur tous les essais
callback-reached = Joint
callback-unreached = Abandonné
callback-returned = A rappelé
callback-cancelled = Plus nécessaire
attempt-reached = joint
attempt-no-answer = pas de réponse
attempt-busy = occupé
attempt-failed = échoué
attempt-no-key = n’a pas appuyé sur 1
attempt-operator-lost = opérateur perdu
attempt-returned = a rappelé
attempt-cancelled = plus nécessaire
attempt-open = en cours
