# Wat bellers horen, in het Nederlands. Korte zinnen, beleefdheidsvorm, uitgeschreven zoals ze gezegd worden.

welcome = Welkom bij de helpdesk. Voor Nederlands, druk op { $key }.

notice =
    Dit gesprek wordt uitgeschreven om u beter te kunnen helpen. We bewaren de tekst { $retention_days ->
        [one] één dag
       *[other] { $retention_days } dagen
    }. Wilt u dat liever niet, druk dan nu op 9.
notice-refused = Goed, dit gesprek wordt niet uitgeschreven.

topic = Voor internet en telefonie, druk op 1. Voor uw computer of printer, druk op 2. Voor accounts en wachtwoorden, druk op 3. Voor een factuur, druk op 4. Voor iets anders, druk op 0.
topic-internet = Internet en telefonie
topic-computer = Computer en printer
topic-accounts = Accounts en wachtwoorden
topic-invoice = Factuur
topic-other = Iets anders
menu-no-input = Ik heb uw keuze niet gehoord.
menu-wrong-key = Die keuze ken ik niet.
anyone = Geen probleem, een medewerker helpt u verder.

ask-no-input = Ik heb niets gehoord.
ask-wrong = Dat herken ik niet.
speech-choice = U mag uw keuze ook zeggen.
speech-digits = U mag de cijfers ook zeggen.
speech-yes-no = U mag ook ja of nee zeggen.

queue-enter = Een ogenblik, we verbinden u door.
queue-position =
    { $position ->
        [1] U bent als eerste aan de beurt.
        [2] Er is nog één beller voor u.
       *[other] U bent nummer { $position } in de wachtrij.
    }
queue-position-estimate =
    { queue-position } { $bound ->
        [less-than] De wachttijd is minder dan
        [more-than] De wachttijd is meer dan
       *[about] De wachttijd is ongeveer
    } { $minutes ->
        [one] één minuut.
       *[other] { $minutes } minuten.
    }
incident-standard = Er is een gekende storing. We werken aan een oplossing.
queue-closed = Onze helpdesk is intussen gesloten. Het spijt ons dat we u niet meer konden helpen.
queue-nobody = Op dit moment is er geen medewerker aanwezig. Het spijt ons dat u zo lang hebt gewacht.
queue-overflow = Een ander team kan u sneller helpen. We verbinden u door, u hoeft niet opnieuw te wachten.
queue-full = Het is nu zo druk dat we u niet in de wachtrij kunnen zetten. Onze excuses.
queue-failed = Het lukt ons nu niet om u door te verbinden. Onze excuses.
queue-instead-choice = Om teruggebeld te worden wanneer het uw beurt is, druk 1. Om een bericht achter te laten, druk 2.
queue-call-again = Belt u ons alstublieft straks opnieuw. Tot ziens.

closed = Onze helpdesk is nu gesloten.
holiday = Onze helpdesk is vandaag gesloten wegens een feestdag of sluitingsdag.
next-opening =
    { $opens ->
        [never] Kijk op onze website wanneer we weer open zijn. Tot ziens.
       *[other] We zijn { next-opening-day } vanaf { next-opening-time } weer bereikbaar. Tot dan.
    }
next-opening-day =
    { $opens ->
        [today] vandaag
        [tomorrow] morgen
        [monday] maandag
        [tuesday] dinsdag
        [wednesday] woensdag
        [thursday] donderdag
        [friday] vrijdag
        [saturday] zaterdag
        [sunday] zondag
       *[date] op { $day } { $month ->
            [1] januari
            [2] februari
            [3] maart
            [4] april
            [5] mei
            [6] juni
            [7] juli
            [8] augustus
            [9] september
            [10] oktober
            [11] november
           *[12] december
        }
    }
next-opening-time =
    { $minute ->
        [0] { $hour } uur
       *[other] { $hour } uur { $minute }
    }
opening-hours =
    We zijn bereikbaar { $span ->
        [one] op { opening-first-day }
       *[many] van { opening-first-day } tot en met { opening-last-day }
    }, van { next-opening-time } tot { $until_minute ->
        [0] { $until_hour } uur
       *[other] { $until_hour } uur { $until_minute }
    }.
opening-first-day =
    { $first_day ->
        [monday] maandag
        [tuesday] dinsdag
        [wednesday] woensdag
        [thursday] donderdag
        [friday] vrijdag
        [saturday] zaterdag
       *[sunday] zondag
    }
opening-last-day =
    { $last_day ->
        [monday] maandag
        [tuesday] dinsdag
        [wednesday] woensdag
        [thursday] donderdag
        [friday] vrijdag
        [saturday] zaterdag
       *[sunday] zondag
    }

rating = We horen graag hoe u geholpen werd. Druk een cijfer van 1 tot 5: 1 is slecht, 5 is heel goed.
goodbye = Bedankt voor uw oproep. Tot ziens.
apology = Er is iets misgelopen bij ons. Onze excuses. Belt u ons alstublieft straks terug.

# Wanneer wij een beller terugbellen
callback-answered = Goeiedag, u spreekt met de helpdesk. U vroeg ons om u terug te bellen, en een van onze medewerkers staat voor u klaar. Het gesprek wordt uitgeschreven om u goed te helpen, en de tekst wordt { $retention_days } { $retention_days ->
        [one] dag
       *[other] dagen
    } bewaard. Druk 1 om te spreken, of 9 om te spreken zonder dat er iets wordt uitgeschreven. Hebt u ons niet meer nodig, druk dan 2.
callback-answered-unheard = Goeiedag, u spreekt met de helpdesk. U vroeg ons om u terug te bellen, en een van onze medewerkers staat voor u klaar. Druk 1 om te spreken. Hebt u ons niet meer nodig, druk dan 2.
callback-cancelled = Dank u wel. We bellen u niet meer terug. Tot ziens.
callback-no-key = We hebben geen toets gehoord en beëindigen dit gesprek. Tot ziens.

# Terugbellen in plaats van wachten
queue-callback = U kunt ook teruggebeld worden zonder uw plaats te verliezen: druk 1.
queue-other-keys = Om een bericht achter te laten, druk 2. Om uw plaats nog eens te horen, druk 0.
callback-own-number = We bellen u terug op { PHONE($number) }. Druk 1 als dat juist is, 2 voor een ander nummer, of 0 als u niet teruggebeld wilt worden.
callback-ask-number = Toets het nummer in waarop we u mogen terugbellen, en sluit af met een hekje.
callback-number-not-rung = Dat nummer kunnen we niet bellen.
callback-confirm-number = Het nummer is { PHONE($number) }. Druk 1 als dat juist is, of 2 om opnieuw een nummer te geven.
callback-when = Druk 1 om gebeld te worden zodra het uw beurt is, of 2 om zelf een tijdstip te kiezen.
callback-slots = Wanneer mogen we u bellen?
callback-slot = Druk { $key } voor { $slot_day ->
        [today] vandaag
        [tomorrow] morgen
        [monday] maandag
        [tuesday] dinsdag
        [wednesday] woensdag
        [thursday] donderdag
        [friday] vrijdag
        [saturday] zaterdag
       *[sunday] zondag
    } tussen { $hour } uur en { $until_hour } uur.
callback-asked = Dank u wel. We bellen u terug, u hoeft niet aan de lijn te blijven. Tot ziens.
callback-refused = Het spijt ons, we kunnen u niet terugbellen.
closed-choice = Om teruggebeld te worden wanneer we open zijn, druk 1. Om een bericht achter te laten, druk 2.

# Voicemail
voicemail-notice = Uw bericht wordt opgenomen en uitgeschreven om u te helpen, en { $retention_days } { $retention_days ->
        [one] dag
       *[other] dagen
    } bewaard.
voicemail-message = Spreek na de toon, en sluit af met een hekje.
voicemail-thanks = Dank u wel voor uw bericht. Een medewerker beluistert het uiterlijk tegen het einde van de volgende werkdag. Tot ziens.
