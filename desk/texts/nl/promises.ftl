# Wat een beller beloofd kreeg, en wat ervan kwam.

rating = Cijfer
told = Aangekondigde wachttijd
told-said = Hoorde
told-real = Wachtte nog
told-short = gezegd:
told-too-little = te weinig gezegd
told-position = nummer { $n }
told-place = alleen de plaats
told-less-than = minder dan { $minutes ->
        [one] 1 minuut
       *[other] { $minutes } minuten
    }
told-about = ongeveer { $minutes ->
        [one] 1 minuut
       *[other] { $minutes } minuten
    }
told-more-than = meer dan { $minutes ->
        [one] 1 minuut
       *[other] { $minutes } minuten
    }
callback = Terugbellen
callback-attempt = poging { $n }
callback-no-attempts = Nog niet geprobeerd.
callback-total-wait = Totale wachttijd, over alle pogingen
callback-reached = Bereikt
callback-unreached = Opgegeven
callback-returned = Belde zelf terug
callback-cancelled = Niet meer nodig
attempt-reached = bereikt
attempt-no-answer = geen antwoord
attempt-busy = bezet
attempt-failed = mislukt
attempt-no-key = drukte niet op 1
attempt-operator-lost = operator viel weg
attempt-returned = belde zelf
attempt-cancelled = niet meer nodig
attempt-open = aan de beurt
