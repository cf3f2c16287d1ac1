# Ce que disent les écrans, en français de Belgique.

## Everywhere

nav-label = Pages
nav-wallboard = Tableau de bord
nav-calls = Appels
nav-targets = Objectifs
nav-search = Rechercher
language-label = Langue
sign-in = Se connecter
sign-out = Se déconnecter
username = Nom d'utilisateur
password = Mot de passe
sign-in-wrong = Le nom d'utilisateur ou le mot de passe est incorrect.
connection-lost = Pas de connexion depuis
dismiss = Fermer
queue = File
queues-label = Files d'attente
operator = Opérateur
operators = Opérateurs
caller = Appelant
caller-unknown = Numéro masqué
outcome = Résultat
outcome-open = en cours
outcome-answered = répondu
outcome-abandoned = abandonné
outcome-callback = rappel
outcome-voicemail = messagerie
outcome-overflow = débordement
outcome-closed = fermé
outcome-failed = échoué
outcome-left-menu = parti dans le menu
at = À
all = Tous
find = Chercher
found-nothing = Rien trouvé.

## Clocks

clock-menu = Menu
clock-wait = Attente
clock-ring = Sonnerie
clock-talk = Conversation
clock-hold = En garde
clock-consult = Consultation
clock-wrap_up = Post-appel
waited = Attente
longest = max.
waiting = { $n } en attente

## The operator's states

state-away = Absent
state-ready = Disponible
state-pause = Pause
state-offered = Sonne
state-connecting = Connexion
state-talking = En appel
state-wrap-up = Post-appel
pause-break = Pause-café
pause-lunch = Midi
pause-training = Formation
pause-backoffice = Autre travail
pause-no-answer = Un appel a sonné ici sans réponse.
pause-connection-lost = Votre téléphone a été coupé pendant un appel.
wish-ready = puis disponible
wish-pause = puis pause
wish-away = puis absent

## The operator's page

operator-title = Mon poste
title-offer = ● Un appel pour vous
panel-now = Maintenant
panel-day = Ma journée
panel-customer = Client
panel-ticket = Ticket
panel-earlier = Historique
free-ready = En attente d'un appel
free-ready-note = Le prochain appel dans vos files et langues arrive ici.
free-pause = En pause
free-away = Absent
free-offered = Un instant
become-ready = Devenir disponible
offer-title = Appel entrant
offer-lapses = Sonne encore
menu-path = A choisi
last-ticket = Ticket ouvert
accept = Accepter
decline = Refuser
connecting = Connexion
connecting-note = L'appelant arrive dès que votre téléphone est connecté.
connect-again = Connecter
hold = Mettre en garde
unhold = Reprendre
on-hold = en garde
off-hold = repris
mute = Muet
end = Terminer
wrap-up-left = Temps restant
wrap-up-code = Code de clôture
wrap-up-note = Ce que vous avez écrit sur le ticket est enregistré à la clôture.
choose = Choisir…
finish = Clôturer
day-calls =
    { $n ->
        [one] appel
       *[other] appels
    }
aht = DMT
aht-formula = Durée moyenne de traitement : (conversation + garde + consultation + post-appel) / répondus
my-calls = Mes derniers appels
my-calls-none = Pas encore d'appels aujourd'hui.
my-tickets = Mes tickets ouverts
my-tickets-none = Vous n'avez pas de tickets ouverts.

## The offer is gone

notice-offer-taken = { $winner } a été plus rapide et a pris l'appel. Vous restez dans vos files.
notice-offer-gone = Cet appel ne sonne plus ici.
notice-offer-lapsed = L'appel a sonné trop longtemps et passe à un collègue.
notice-offer-withdrawn = L'appelant a raccroché avant votre réponse.

## The telephone

phone-none = Téléphone : non chargé.
phone-starting = Téléphone : démarrage…
phone-ready = Téléphone prêt
phone-calling = Téléphone : connexion…
phone-open = Téléphone connecté
phone-lost = Le téléphone a perdu la connexion et réessaie.
phone-timeout = Le téléphone ne s'est pas connecté à temps. Appuyez sur Connecter pour réessayer.
phone-mic-refused = Le navigateur ne peut pas utiliser le micro. Autorisez-le dans la barre d'adresse et rechargez cette page.
phone-failed = Le téléphone ne fonctionne pas pour l'instant. Il réessaie de lui-même.

## The transcript

transcript = Transcription
transcript-listening = à l'écoute
transcript-ended = terminée
transcript-refused = refusée
transcript-no-model = pas de modèle
transcript-unavailable = indisponible
transcript-sentences = phrase par phrase
transcript-sentences-note = Beaucoup d'appels en même temps : les phrases apparaissent dès qu'elles sont finies, sans les mots en cours.
transcript-spooled = texte après l'appel
transcript-spooled-note = Trop d'appels sont en cours pour transcrire celui-ci en direct. Le texte suivra après l'appel ; rien ne se perd.
transcript-spool-full = non transcrite
transcript-spool-full-note = La suite de cet appel n'est pas transcrite : il n'y a plus de place pour conserver le son.
transcript-catching-up = texte en préparation
transcript-catching-up-note = La suite de cet appel est en cours de transcription : { $percent } %.
transcript-complete = complète
transcript-incomplete = incomplète
transcript-incomplete-note = Une partie de cet appel n'a pas pu être transcrite.
transcript-unavailable-note = Cet appel n'est plus transcrit, à cause d'une erreur de la reconnaissance vocale.
transcript-refused-note = Cet appel n'est pas transcrit, car l'appelant l'a refusé.
transcript-no-model-note = Cet appel n'est pas transcrit : il n'y a pas de modèle vocal pour sa langue.
transcript-nothing-yet = Ce qui est dit apparaît ici.
transcript-nothing-said = Rien n'a été noté.
transcript-gap = { $seconds } s de son manquent
speaker-caller = Appelant
speaker-you = Vous
speaker-operator = Opérateur
speaking = parle
lag = délai

## Suggestions, opt-out and search

suggestions = Suggestions
suggestion-use = Utiliser
suggestion-used = utilisé
suggestion-shown = montré
suggestion-dismissed = écarté
suggestion-dismiss = Écarter : { $title }
known-problem = problème connu
flag-complaint = Plainte
flag-cancel = Veut résilier
flag-buying-signal = Signal d'achat
flag-remote-takeover = Prise en main à distance
flag-promise = Promesse avec une date
word-unsure = Pas entendu clairement
opt-out = Ne pas transcrire
opt-out-note = L'appelant ne veut pas de transcription : arrêter aussitôt.
transcript-stopped-note = Vous avez arrêté la transcription de cet appel. Rien d'autre n'est écrit.
transcript-delete =
    { $n ->
        [one] Effacer la phrase écrite
       *[other] Effacer les { $n } phrases écrites
    }
export-text = Texte
search-words = Mots dits
search-speaker = Qui parle
search-more = Les { $n } phrases les plus récentes sont montrées ; précisez la recherche pour les autres.
search-note = Cherche dans ce qui a été dit. Guillemets pour une expression, - devant un mot à exclure.

## Customer and history

certainty-known = numéro connu
certainty-shared = numéro partagé
certainty-maybe = peut-être
certainty-confirmed = confirmé
certainty-nobody = numéro inconnu
candidates = { $n } clients possibles
customer-no-call = L'appelant apparaît ici avec l'appel.
customer-nobody = Personne n'a ce numéro. Cherchez le client par son nom.
find-customer = Chercher un client
confirm = Confirmer
level-end-user = utilisateur final
level-administrator = administrateur
until = jusqu'au
contract-over = Contrat terminé
contract-none = Pas de contrat
earlier-ticket = ticket
earlier-call = appel
earlier-none = Rien auparavant.
earlier-no-customer = Les appels et tickets précédents apparaissent quand le client est connu.

## The ticket

no-subject = (sans sujet)
subject = Sujet
priority = Priorité
priority-P1 = P1 personne ne peut travailler
priority-P2 = P2 urgent
priority-P3 = P3 normal
priority-P4 = P4 peut attendre
note = Note
draft = brouillon gardé
draft-left = Pas encore enregistré après l'appel avec { $caller }.
status-open = ouvert
status-pending = en attente
status-closed = fermé
ticket-none = Pas encore de ticket.
ticket-no-call = Le ticket du prochain appel s'écrit ici.
ticket-after-accept = Le ticket s'ouvre quand vous acceptez l'appel.
ticket-create = Créer le ticket
ticket-create-close = Créer et fermer
ticket-save = Enregistrer
ticket-save-close = Enregistrer et fermer
ticket-link-open = Ou rattachez cet appel à un ticket ouvert de ce client :
find-ticket = Chercher un ticket par numéro ou sujet
link = Rattacher
error-subject-missing = Décrivez en quelques mots l'objet de l'appel.
error-subject-long = Le sujet est trop long ; 200 caractères au maximum.
error-priority = Choisissez une priorité.
error-note-long = La note est trop longue ; 20 000 caractères au maximum.
error-ticket-number = Tapez un numéro de ticket, par exemple 10442.
error-ticket-unknown = Il n'y a pas de ticket avec ce numéro.
error-code-missing = Choisissez comment l'appel s'est terminé.

## Keyboard

help-title = Clavier
help-accept = accepter l'appel
help-decline = refuser l'appel, ou quitter un champ
help-hold = mettre en garde et reprendre
help-mute = couper votre micro
help-ticket = aller au ticket
help-finish = clôturer l'appel
help-ready = devenir disponible
help-help = cette aide
help-sound = Sonnerie
help-close = Fermer

## Wallboard and targets

full-screen = Plein écran
label-waiting = en attente
verdict-quiet = Personne n'attend
verdict-within = Dans l'objectif
verdict-at-risk = À risque
verdict-late = Trop tard
late =
    { $n ->
        [one] 1 hors objectif
       *[other] { $n } hors objectif
    }
target-words = { $share } en { $time }
service-level-today = niveau de service du jour
service-level-formula = « offered » : répondus en { $seconds } s / tous présentés
of-offered = { $answered } sur { $offered } répondus
targets-note = Un changement vaut aussitôt, aussi pour ceux qui attendent.
target-share = Part (%)
target-within = En (s)
target-change = Changer
target-longest = Attente maximale (s)
target-when-missed = S'il ne sera pas atteint
when-missed-warn = L'afficher
when-missed-widen = Solliciter plus d'opérateurs
period = Période
period-days = Jours
period-days-hint = mon-fri, ou sat,sun,holidays
period-from = De
period-until = À
period-add = Ajouter une période
period-save = Enregistrer
period-remove = Supprimer
period-now = en ce moment : { $period }
at-risk =
    { $n ->
        [one] 1 à risque
       *[other] { $n } à risque
    }
error-longest = L'attente maximale vaut au moins le temps de l'objectif et au plus 3600 secondes.
error-period = Une période a un nom et des jours comme mon-fri, holidays ou special, et commence avant de finir, le même jour.
changes = Derniers changements
changes-none = Personne n'a encore changé d'objectif.
who = Qui
before = Avant
after = Après
error-share = Une part est un nombre de 1 à 100.
error-within = Un temps est un nombre entier de secondes de 1 à 3600.

## Calls

call = Appel
call-bar = L'appel réparti sur ses horloges
call-text = Numéro ou mots dits
call-status-menu = dans le menu
call-status-waiting = en attente
call-status-offered = sonne
call-status-connecting = connexion
call-status-talking = en conversation
call-status-held = en garde
call-status-wrap-up = post-appel
call-status-ended = terminé
calls-none = Aucun appel ne correspond à ces filtres.
day = Jour
older = Plus anciens
within-target = dans l'objectif
beyond-target = hors objectif
timeline = Chronologie
fact-call-started = Appel reçu
fact-language-chosen = Langue choisie
fact-transcription-refused = Transcription refusée
fact-menu-chosen = A choisi
fact-queue-entered = Entré dans la file
fact-wait-announced = A entendu l'attente
fact-offer-made = Proposé à
fact-offer-settled = Proposition
fact-leg-joined = Dans la conversation
fact-leg-left = Sorti de la conversation
fact-hold-changed = Garde
fact-requeued = De retour en tête de file
fact-room-ended = Conversation terminée
fact-flow-ended = Le menu a terminé l'appel
fact-call-ended = Appel terminé
fact-stream-changed = Son vers la transcription
fact-recording-changed = Enregistrement
fact-incident-heard = A entendu le message de panne
fact-rated = A donné une note
fact-queue-exited = Redirigé par les règles de la file
fact-wrap-up-started = Post-appel commencé
fact-wrap-up-ended = Post-appel terminé
how-accepted = accepté
how-declined = refusé
how-lapsed = expiré
how-withdrawn = retiré
attempts =
    { $n ->
        [one] 1 tentative
       *[other] { $n } tentatives
    }
sync-pending = en route
sync-delivered = dans le système de tickets
sync-retrying = nouvel essai en cours
sync-failed = livraison échouée
sync-retry = Réessayer maintenant

## Error pages

error-back = Retour à Onthaal
error-form-expired = Cette page est restée ouverte trop longtemps. Revenez, rechargez et renvoyez.
error-wait = Réessayez dans { $seconds ->
        [one] une seconde
       *[other] { $seconds } secondes
    }.
error-page-400 =
    .title = Cela n'a pas pu être utilisé
    .advice = Vérifiez ce que vous avez envoyé et réessayez.
error-page-403 =
    .title = Pas pour votre rôle
    .advice = Votre compte ne peut pas voir cette page. Demandez à un superviseur si nécessaire.
error-page-404 =
    .title = Il n'y a rien ici
    .advice = L'adresse est fausse, ou ce qu'elle désignait n'existe plus.
error-page-405 =
    .title = Pas de cette façon
    .advice = Revenez à la page et utilisez ses boutons.
error-page-409 =
    .title = Quelque chose a précédé
    .advice = La situation a changé entre-temps. Revenez voir où elle en est.
error-page-413 =
    .title = Trop à la fois
    .advice = Ce que vous avez envoyé est trop grand. Raccourcissez et réessayez.
error-page-429 =
    .title = Trop de tentatives
    .advice = Attendez un peu avant de réessayer.
error-page-500 =
    .title = Une erreur s'est produite
    .advice = C'est notre faute et elle a été notée. Réessayez.
error-page-502 =
    .title = Le réseau téléphonique a refusé
    .advice = L'appel continue comme avant. Réessayez dans un instant.
error-page-503 =
    .title = Une partie ne répond pas
    .advice = Les appels continuent. Réessayez dans un instant.

## Appels perdus

nav-follow-ups = Appels perdus
nav-operator = Mes appels
follow-ups-note = Les personnes qui ont appelé en vain, jusqu'à ce que quelqu'un les joigne ou qu'elles aboutissent.
follow-ups-none = Personne n'attend notre appel.
follow-ups-done = Terminé
follow-up-last = Dernier appel
follow-up-times = { $n } appels
follow-up-how = Comment
follow-up-reached = Joint
follow-up-not-needed = Inutile
closed-reached = joint
closed-got-through = a abouti
closed-not-needed = inutile

## Pannes

nav-incidents = Pannes
incidents-note = Entendu par ceux qui appellent et, une fois, par ceux qui attendent déjà, chacun dans sa langue.
incident-form = Nouveau message
incident-for = Pour
incident-everywhere = Tous les appelants
incident-preview = Ce que les appelants entendent
incident-do-preview = Aperçu
incident-do-set = Diffuser ce message
incident-do-change = Diffuser le nouveau texte
incident-leave = Ne rien changer
incident-change = Modifier
incident-end = C'est terminé
incident-since = depuis { $moment }
incident-from = De
incident-until = À
incident-text = Message
incident-standard-note = phrase standard
incidents-now = Les appelants entendent maintenant
incidents-none = Les appelants n'entendent aucun message.
incidents-over = Messages précédents
error-incident-empty = Écrivez le message dans une langue au moins.
error-incident-long = Un message compte 300 caractères au plus : environ 25 secondes.
error-incident-over = Cette panne est déjà terminée ; créez un nouveau message si nécessaire.

## Staffing

nav-staffing = Effectif
staffing-note = Combien d’opérateurs un objectif demande, selon Erlang. La réponse suit pendant la saisie.
staffing-calls = Appels dans l’intervalle
staffing-interval-min = Durée de l’intervalle, minutes
staffing-aht-s = Durée moyenne de traitement, secondes
staffing-share-percent = Objectif : répondus à temps, %
staffing-within-s = Objectif : en moins de, secondes
staffing-patience-s = Patience de l’appelant, secondes (vide : sans limite)
staffing-shrinkage-percent = Temps sans appels (pauses, formation, maladie), %
staffing-reckon = Calculer
staffing-answer = Réponse
staffing-operators = { $count ->
    [one] opérateur en ligne
   *[other] opérateurs en ligne
}
staffing-rostered = { $count ->
    [one] { $count } personne au planning
   *[other] { $count } personnes au planning
}
staffing-model-a = Erlang A : des appelants abandonnent
staffing-model-c = Erlang C : personne n’abandonne
staffing-chart = Répondus à temps, par nombre d’opérateurs
staffing-x = Opérateurs
staffing-in-time = À temps
staffing-asa = Attente moyenne
staffing-occupancy = Taux d’occupation
staffing-abandonment = Abandons
staffing-overloaded = Surchargé : la file grandit sans fin
staffing-error = Ces chiffres ne permettent pas de calcul. Appels, intervalle et durée sont supérieurs à zéro, l’objectif se situe entre 0 et 100 %, le temps sans appels reste sous 100 %.

# Rappels et messages
nav-owed = Rappels et messages
owed-note = Ce qui a été promis aux appelants qui n’ont pas attendu. Les rappels vous sont proposés quand c’est leur tour.
owed-callbacks = À rappeler
owed-callbacks-none = Personne n’attend d’être rappelé.
owed-voicemails = Messages
owed-voicemails-none = Il n’y a pas de message à écouter.
owed-asked = Demandé
owed-when = Quand
owed-due = Au plus tard
owed-late = en retard
owed-attempts = Essais
owed-not-needed = Plus nécessaire
owed-left = Laissé
owed-message = Message
owed-no-sound = Le son arrive.
owed-text-waiting = Transcription en cours
owed-text-written = Aucun mot n’a été reconnu
owed-text-refused = L’appelant n’a pas voulu de transcription
owed-text-no-model = Il n’y a pas de modèle vocal pour cette langue
owed-text-failed = N’a pas pu être transcrit
owed-take = Je m’en charge
owed-done = Traité
owed-delete = Supprimer
callback-scheduled = Prévu
callback-waiting = Dans la file
callback-dialling = En cours d’appel
offer-callback = Rappel
offer-callback-note = Demandé { $asked }, au plus tard { $due }. Vous êtes d’abord en ligne ; ensuite nous appelons l’appelant.
offer-callback-attempts = Essais précédents
callback-ringing = Nous appelons l’appelant. Il entend qui appelle et appuie sur 1.
outcome-not-reached = non joint
fact-callback-requested = A demandé à être rappelé
fact-callback-began = Tour du rappel
fact-callback-dialled = L’appelant est appelé
fact-voicemail-left = Message laissé
