# Wat de schermen zeggen, in het Nederlands van België.

## Everywhere

nav-label = Pagina's
nav-wallboard = Overzichtsbord
nav-calls = Gesprekken
nav-targets = Doelen
nav-search = Zoeken
language-label = Taal
sign-in = Aanmelden
sign-out = Afmelden
username = Gebruikersnaam
password = Wachtwoord
sign-in-wrong = De gebruikersnaam of het wachtwoord is fout.
connection-lost = Geen verbinding sinds
dismiss = Sluiten
queue = Wachtrij
queues-label = Wachtrijen
operator = Operator
operators = Operatoren
caller = Beller
caller-unknown = Afgeschermd nummer
outcome = Resultaat
outcome-open = bezig
outcome-answered = beantwoord
outcome-abandoned = opgehangen
outcome-callback = terugbellen
outcome-voicemail = voicemail
outcome-overflow = overloop
outcome-closed = gesloten
outcome-failed = mislukt
outcome-left-menu = opgehangen in het menu
at = Om
all = Alle
find = Zoeken
found-nothing = Niets gevonden.

## Clocks

clock-menu = Menu
clock-wait = Wachten
clock-ring = Bellen
clock-talk = Gesprek
clock-hold = In wacht
clock-consult = Overleg
clock-wrap_up = Afwerking
waited = Gewacht
longest = langst
waiting = { $n } wachtend

## The operator's states

state-away = Afwezig
state-ready = Beschikbaar
state-pause = Pauze
state-offered = Rinkelt
state-connecting = Verbinden
state-talking = In gesprek
state-wrap-up = Afwerking
pause-break = Pauze
pause-lunch = Middag
pause-training = Opleiding
pause-backoffice = Ander werk
pause-no-answer = Een oproep rinkelde hier zonder antwoord.
pause-connection-lost = Je telefoon viel weg tijdens een gesprek.
wish-ready = daarna beschikbaar
wish-pause = daarna pauze
wish-away = daarna afwezig

## The operator's page

operator-title = Mijn werkplek
title-offer = ● Een oproep voor jou
panel-now = Nu
panel-day = Mijn dag
panel-customer = Klant
panel-ticket = Ticket
panel-earlier = Eerder
free-ready = Wachten op een oproep
free-ready-note = De volgende oproep in jouw wachtrijen en talen komt hier.
free-pause = Pauze
free-away = Afwezig
free-offered = Een ogenblik
become-ready = Beschikbaar worden
offer-title = Inkomende oproep
offer-lapses = Rinkelt nog
menu-path = Koos
last-ticket = Open ticket
accept = Opnemen
decline = Weigeren
connecting = Verbinden
connecting-note = De beller komt erbij zodra je telefoon verbonden is.
connect-again = Verbinden
hold = In wacht
unhold = Terugnemen
on-hold = in wacht
off-hold = teruggenomen
mute = Dempen
end = Beëindigen
wrap-up-left = Resterend
wrap-up-code = Afwerkcode
wrap-up-note = Wat je op het ticket schreef, wordt bewaard als je afrondt.
choose = Kies…
finish = Afronden
day-calls =
    { $n ->
        [one] gesprek
       *[other] gesprekken
    }
aht = AHT
aht-formula = Gemiddelde behandeltijd: (gesprek + wacht + overleg + afwerking) / beantwoord
my-calls = Mijn laatste gesprekken
my-calls-none = Vandaag nog geen gesprekken.
my-tickets = Mijn open tickets
my-tickets-none = Geen open tickets van jou.

## The offer is gone

notice-offer-taken = { $winner } was eerst en nam de oproep. Je blijft in je wachtrijen.
notice-offer-gone = Die oproep rinkelt hier niet meer.
notice-offer-lapsed = De oproep rinkelde te lang en gaat naar een collega.
notice-offer-withdrawn = De beller haakte in voor je opnam.

## The telephone

phone-none = Telefoon: niet geladen.
phone-starting = Telefoon: start…
phone-ready = Telefoon klaar
phone-calling = Telefoon: verbinden…
phone-open = Telefoon verbonden
phone-lost = De telefoon verloor de verbinding en probeert opnieuw.
phone-timeout = De telefoon verbond niet op tijd. Druk op Verbinden om opnieuw te proberen.
phone-mic-refused = De browser mag de microfoon niet gebruiken. Sta dit toe in de adresbalk en herlaad deze pagina.
phone-failed = De telefoon werkt nu niet. Hij probeert zelf opnieuw.

## The transcript

transcript = Transcript
transcript-listening = luistert mee
transcript-ended = beëindigd
transcript-refused = niet uitgeschreven
transcript-no-model = geen model
transcript-unavailable = niet beschikbaar
transcript-sentences = zin per zin
transcript-sentences-note = Veel gesprekken tegelijk: hele zinnen verschijnen zodra ze af zijn, zonder de woorden ertussenin.
transcript-spooled = tekst volgt na het gesprek
transcript-spooled-note = Er lopen te veel gesprekken om dit mee te schrijven. De tekst volgt na het gesprek; er gaat niets verloren.
transcript-spool-full = niet uitgeschreven
transcript-spool-full-note = De rest van dit gesprek wordt niet uitgeschreven: er is geen plaats meer om het geluid te bewaren.
transcript-catching-up = tekst onderweg
transcript-catching-up-note = De rest van dit gesprek wordt nu uitgeschreven: { $percent } %.
transcript-complete = volledig
transcript-incomplete = onvolledig
transcript-incomplete-note = Een deel van dit gesprek kon niet worden uitgeschreven.
transcript-unavailable-note = Dit gesprek wordt niet verder uitgeschreven, door een fout in de spraakherkenning.
transcript-refused-note = Dit gesprek wordt niet uitgeschreven, omdat de beller dat niet wil.
transcript-no-model-note = Dit gesprek wordt niet uitgeschreven: er is geen spraakmodel voor deze taal.
transcript-nothing-yet = Wat gezegd wordt, verschijnt hier.
transcript-nothing-said = Er werd niets opgeschreven.
transcript-gap = { $seconds } s geluid ontbreekt
speaker-caller = Beller
speaker-you = Jij
speaker-operator = Operator
speaking = spreekt
lag = vertraging

## Suggestions, opt-out and search

suggestions = Suggesties
suggestion-use = Gebruiken
suggestion-used = gebruikt
suggestion-shown = getoond
suggestion-dismissed = weggeklikt
suggestion-dismiss = Wegklikken: { $title }
known-problem = gekend probleem
flag-complaint = Klacht
flag-cancel = Wil opzeggen
flag-buying-signal = Koopsignaal
flag-remote-takeover = Overname op afstand
flag-promise = Belofte met datum
word-unsure = Niet duidelijk gehoord
opt-out = Niet uitschrijven
opt-out-note = De beller wil geen transcript: stop meteen met uitschrijven.
transcript-stopped-note = U hebt het transcript van dit gesprek gestopt. Er wordt niets meer uitgeschreven.
transcript-delete =
    { $n ->
        [one] De uitgeschreven zin wissen
       *[other] De { $n } uitgeschreven zinnen wissen
    }
export-text = Tekst
search-words = Gezegde woorden
search-speaker = Spreker
search-more = De nieuwste { $n } zinnen staan hier; zoek nauwer voor andere.
search-note = Zoekt in wat gezegd is. Gebruik aanhalingstekens voor een woordgroep, en - voor een woord dat er niet in mag.

## Customer and history

certainty-known = gekend nummer
certainty-shared = gedeeld nummer
certainty-maybe = misschien
certainty-confirmed = bevestigd
certainty-nobody = onbekend nummer
candidates = { $n } mogelijke klanten
customer-no-call = Wie belt, verschijnt hier met de oproep.
customer-nobody = Niemand heeft dit nummer. Zoek de klant op naam.
find-customer = Klant zoeken
confirm = Bevestigen
level-end-user = eindgebruiker
level-administrator = beheerder
until = tot
contract-over = Contract afgelopen
contract-none = Geen contract
earlier-ticket = ticket
earlier-call = gesprek
earlier-none = Nog niets eerder.
earlier-no-customer = Eerdere gesprekken en tickets verschijnen als de klant gekend is.

## The ticket

no-subject = (geen onderwerp)
subject = Onderwerp
priority = Prioriteit
priority-P1 = P1 niemand kan werken
priority-P2 = P2 dringend
priority-P3 = P3 normaal
priority-P4 = P4 kan wachten
note = Notitie
draft = concept bewaard
draft-left = Nog niet bewaard na het gesprek met { $caller }.
status-open = open
status-pending = wacht
status-closed = gesloten
ticket-none = Nog geen ticket.
ticket-no-call = Het ticket van de volgende oproep schrijf je hier.
ticket-after-accept = Het ticket opent als je de oproep opneemt.
ticket-create = Ticket maken
ticket-create-close = Maken en sluiten
ticket-save = Bewaren
ticket-save-close = Bewaren en sluiten
ticket-link-open = Of zet dit gesprek op een open ticket van deze klant:
find-ticket = Ticket zoeken op nummer of onderwerp
link = Koppelen
error-subject-missing = Schrijf in enkele woorden waarover het gesprek gaat.
error-subject-long = Het onderwerp is te lang; hoogstens 200 tekens.
error-priority = Kies een prioriteit.
error-note-long = De notitie is te lang; hoogstens 20 000 tekens.
error-ticket-number = Typ een ticketnummer, zoals 10442.
error-ticket-unknown = Er is geen ticket met dat nummer.
error-code-missing = Kies hoe het gesprek afliep.

## Keyboard

help-title = Toetsenbord
help-accept = de oproep opnemen
help-decline = de oproep weigeren, of een veld verlaten
help-hold = in wacht zetten en terugnemen
help-mute = je microfoon dempen
help-ticket = naar het ticket
help-finish = de afwerking afronden
help-ready = beschikbaar worden
help-help = deze hulp
help-sound = Belsignaal
help-close = Sluiten

## Wallboard and targets

full-screen = Volledig scherm
label-waiting = wachtend
verdict-quiet = Niemand wacht
verdict-within = Binnen doel
verdict-at-risk = Dreigt te laat
verdict-late = Te laat
late =
    { $n ->
        [one] 1 over doel
       *[other] { $n } over doel
    }
target-words = { $share } binnen { $time }
service-level-today = serviceniveau vandaag
service-level-formula = “offered”: beantwoord binnen { $seconds } s / alle aangeboden
of-offered = { $answered } van { $offered } beantwoord
targets-note = Een wijziging geldt meteen, ook voor wie nu wacht.
target-share = Aandeel (%)
target-within = Binnen (s)
target-change = Wijzigen
target-longest = Langste wachttijd (s)
target-when-missed = Als het niet gehaald wordt
when-missed-warn = Tonen
when-missed-widen = Meer operatoren vragen
period = Periode
period-days = Dagen
period-days-hint = mon-fri, of sat,sun,holidays
period-from = Van
period-until = Tot
period-add = Periode toevoegen
period-save = Bewaren
period-remove = Verwijderen
period-now = nu: { $period }
at-risk =
    { $n ->
        [one] 1 dreigt te laat
       *[other] { $n } dreigen te laat
    }
error-longest = De langste wachttijd is minstens de tijd van het doel en hoogstens 3600 seconden.
error-period = Een periode heeft een naam en dagen zoals mon-fri, holidays of special, en begint voor ze eindigt, op één dag.
changes = Laatste wijzigingen
changes-none = Nog niemand wijzigde een doel.
who = Wie
before = Voor
after = Na
error-share = Een aandeel is een getal van 1 tot 100.
error-within = Een tijd is een geheel aantal seconden van 1 tot 3600.

## Calls

call = Gesprek
call-bar = Het gesprek verdeeld over zijn klokken
call-text = Nummer of gezegde woorden
call-status-menu = in het menu
call-status-waiting = wacht
call-status-offered = rinkelt
call-status-connecting = wordt verbonden
call-status-talking = in gesprek
call-status-held = in wacht
call-status-wrap-up = afwerking
call-status-ended = beëindigd
calls-none = Geen gesprekken passen bij deze filters.
day = Dag
older = Ouder
within-target = binnen doel
beyond-target = over doel
timeline = Tijdlijn
fact-call-started = Oproep kwam binnen
fact-language-chosen = Taal gekozen
fact-transcription-refused = Uitschrijven geweigerd
fact-menu-chosen = Koos
fact-queue-entered = In de wachtrij
fact-wait-announced = Hoorde de wachttijd
fact-offer-made = Aangeboden aan
fact-offer-settled = Aanbod
fact-leg-joined = In het gesprek
fact-leg-left = Uit het gesprek
fact-hold-changed = Wacht
fact-requeued = Terug vooraan in de wachtrij
fact-room-ended = Gesprek voorbij
fact-flow-ended = Menu beëindigde de oproep
fact-call-ended = Oproep voorbij
fact-stream-changed = Geluid naar het transcript
fact-recording-changed = Opname
fact-incident-heard = Hoorde de storingsboodschap
fact-rated = Gaf een score
fact-queue-exited = Door de regels van de wachtrij verder gestuurd
fact-wrap-up-started = Afwerking begon
fact-wrap-up-ended = Afwerking klaar
how-accepted = opgenomen
how-declined = geweigerd
how-lapsed = verlopen
how-withdrawn = ingetrokken
attempts =
    { $n ->
        [one] 1 poging
       *[other] { $n } pogingen
    }
sync-pending = onderweg
sync-delivered = in het ticketsysteem
sync-retrying = wordt opnieuw geprobeerd
sync-failed = levering mislukt
sync-retry = Nu opnieuw proberen

## Error pages

error-back = Terug naar Onthaal
error-form-expired = Deze pagina stond te lang open. Ga terug, herlaad en verstuur opnieuw.
error-wait = Probeer opnieuw over { $seconds ->
        [one] een seconde
       *[other] { $seconds } seconden
    }.
error-page-400 =
    .title = Dat kon niet gebruikt worden
    .advice = Kijk na wat je verstuurde en probeer opnieuw.
error-page-403 =
    .title = Niet voor jouw rol
    .advice = Jouw account mag deze pagina niet zien. Vraag een supervisor als je ze nodig hebt.
error-page-404 =
    .title = Hier is niets
    .advice = Het adres is fout, of wat het noemde is weg.
error-page-405 =
    .title = Niet op deze manier
    .advice = Ga terug naar de pagina en gebruik de knoppen.
error-page-409 =
    .title = Iets was eerst
    .advice = Het veranderde voor je dit deed. Ga terug en kijk hoe het nu staat.
error-page-413 =
    .title = Te veel ineens
    .advice = Wat je verstuurde is te groot. Maak het korter en probeer opnieuw.
error-page-429 =
    .title = Te veel pogingen
    .advice = Wacht even voor je opnieuw probeert.
error-page-500 =
    .title = Er ging iets mis
    .advice = Het is onze fout en ze is genoteerd. Probeer opnieuw.
error-page-502 =
    .title = Het telefoonnetwerk weigerde
    .advice = Het gesprek loopt verder zoals het was. Probeer zo dadelijk opnieuw.
error-page-503 =
    .title = Een onderdeel antwoordt niet
    .advice = Gesprekken lopen verder. Probeer zo dadelijk opnieuw.

## Gemiste oproepen

nav-follow-ups = Gemiste oproepen
nav-operator = Mijn gesprekken
follow-ups-note = Wie tevergeefs belde, tot iemand hen bereikt heeft of ze zelf verder kwamen.
follow-ups-none = Niemand wacht op een telefoontje van ons.
follow-ups-done = Afgehandeld
follow-up-last = Laatste oproep
follow-up-times = { $n } oproepen
follow-up-how = Hoe
follow-up-reached = Bereikt
follow-up-not-needed = Niet nodig
closed-reached = bereikt
closed-got-through = zelf verder gekomen
closed-not-needed = niet nodig

## Storingen

nav-incidents = Storingen
incidents-note = Te horen voor wie belt en, één keer, voor wie al wacht, telkens in de eigen taal.
incident-form = Nieuwe boodschap
incident-for = Voor
incident-everywhere = Alle bellers
incident-preview = Wat bellers horen
incident-do-preview = Voorbeeld
incident-do-set = Laat bellers dit horen
incident-do-change = Laat bellers de nieuwe tekst horen
incident-leave = Laat zoals het is
incident-change = Wijzig
incident-end = Voorbij
incident-since = sinds { $moment }
incident-from = Van
incident-until = Tot
incident-text = Boodschap
incident-standard-note = standaardzin
incidents-now = Bellers horen nu
incidents-none = Bellers horen geen boodschap.
incidents-over = Eerdere boodschappen
error-incident-empty = Schrijf de boodschap in minstens één taal.
error-incident-long = Een boodschap telt hoogstens 300 tekens: ongeveer 25 seconden.
error-incident-over = Deze storing is al voorbij; maak een nieuwe boodschap als bellers er een moeten horen.

## Staffing

nav-staffing = Bezetting
staffing-note = Hoeveel operatoren een doel vraagt, volgens Erlang. Het antwoord volgt terwijl je typt.
staffing-calls = Oproepen in de periode
staffing-interval-min = Lengte van de periode, minuten
staffing-aht-s = Gemiddelde behandeltijd, seconden
staffing-share-percent = Doel: op tijd beantwoord, %
staffing-within-s = Doel: binnen, seconden
staffing-patience-s = Geduld van de beller, seconden (leeg: onbeperkt)
staffing-shrinkage-percent = Tijd zonder oproepen (pauzes, opleiding, ziekte), %
staffing-reckon = Berekenen
staffing-answer = Antwoord
staffing-operators = { $count ->
    [one] operator aan de lijn
   *[other] operatoren aan de lijn
}
staffing-rostered = { $count ->
    [one] { $count } persoon op het rooster
   *[other] { $count } personen op het rooster
}
staffing-model-a = Erlang A: bellers haken af
staffing-model-c = Erlang C: niemand haakt af
staffing-chart = Op tijd beantwoord, per aantal operatoren
staffing-x = Operatoren
staffing-in-time = Op tijd
staffing-asa = Gemiddelde wachttijd
staffing-occupancy = Bezettingsgraad
staffing-abandonment = Haakt af
staffing-overloaded = Overbelast: de rij groeit zonder einde
staffing-error = Hiermee kan niet gerekend worden. Oproepen, periode en behandeltijd zijn groter dan nul, het doel ligt tussen 0 en 100 %, de tijd zonder oproepen onder 100 %.

# Terugbellen en berichten
nav-owed = Terugbellen en berichten
owed-note = Wat beloofd is aan bellers die niet wachtten. Terugbelverzoeken komen als oproep bij jou wanneer het hun beurt is.
owed-callbacks = Terug te bellen
owed-callbacks-none = Niemand wacht op een telefoontje terug.
owed-voicemails = Berichten
owed-voicemails-none = Er zijn geen berichten om te beluisteren.
owed-asked = Gevraagd
owed-when = Wanneer
owed-due = Uiterlijk
owed-late = te laat
owed-attempts = Pogingen
owed-not-needed = Niet meer nodig
owed-left = Ingesproken
owed-message = Bericht
owed-no-sound = Het geluid is onderweg.
owed-text-waiting = Wordt uitgeschreven
owed-text-written = Er zijn geen woorden herkend
owed-text-refused = De beller wilde geen uitgeschreven tekst
owed-text-no-model = Er is geen spraakmodel voor deze taal
owed-text-failed = Kon niet worden uitgeschreven
owed-take = Ik neem dit op
owed-done = Afgehandeld
owed-delete = Verwijderen
callback-scheduled = Gepland
callback-waiting = In de wachtrij
callback-dialling = Wordt gebeld
offer-callback = Terugbellen
offer-callback-note = Gevraagd { $asked }, uiterlijk { $due }. U komt eerst aan de lijn; dan bellen we de beller.
offer-callback-attempts = Eerder geprobeerd
callback-ringing = We bellen de beller op. Die hoort wie er belt en drukt 1.
outcome-not-reached = niet bereikt
fact-callback-requested = Vroeg om teruggebeld te worden
fact-callback-began = Beurt van het terugbellen
fact-callback-dialled = Beller wordt opgebeld
fact-voicemail-left = Bericht ingesproken
