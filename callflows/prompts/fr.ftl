# Ce que les appelants entendent, en français de Belgique. Phrases courtes, vouvoiement, écrites comme on les dit.

welcome = Bienvenue au helpdesk. Pour le français, appuyez sur le { $key }.

notice =
    Cet appel est transcrit pour mieux vous aider. Nous conservons le texte { $retention_days ->
        [one] un jour
       *[other] { $retention_days } jours
    }. Si vous ne le souhaitez pas, appuyez maintenant sur le 9.
notice-refused = C'est noté, cet appel ne sera pas transcrit.

topic = Pour internet et la téléphonie, tapez 1. Pour votre ordinateur ou votre imprimante, tapez 2. Pour les comptes et les mots de passe, tapez 3. Pour une facture, tapez 4. Pour toute autre question, tapez 0.
topic-internet = Internet et téléphonie
topic-computer = Ordinateur et imprimante
topic-accounts = Comptes et mots de passe
topic-invoice = Facture
topic-other = Autre question
menu-no-input = Je n'ai pas entendu votre choix.
menu-wrong-key = Ce choix n'existe pas.
anyone = Pas de souci, un collaborateur va vous aider.

ask-no-input = Je n'ai rien entendu.
ask-wrong = Je ne reconnais pas cette réponse.
speech-choice = Vous pouvez aussi dire votre choix.
speech-digits = Vous pouvez aussi dire les chiffres.
speech-yes-no = Vous pouvez aussi dire oui ou non.

queue-enter = Un instant, nous vous mettons en communication.
queue-position =
    { $position ->
        [1] Vous êtes le prochain appel.
        [2] Il y a encore un appel avant le vôtre.
       *[other] Vous êtes en position { $position } dans la file d'attente.
    }
queue-position-estimate =
    { queue-position } { $bound ->
        [less-than] L'attente est de moins { $minutes ->
            [one] d'une minute.
           *[other] de { $minutes } minutes.
        }
        [more-than] L'attente est de plus { $minutes ->
            [one] d'une minute.
           *[other] de { $minutes } minutes.
        }
       *[about] L'attente est d'environ { $minutes ->
            [one] une minute.
           *[other] { $minutes } minutes.
        }
    }
incident-standard = Une panne est connue de nos services. Nous y travaillons.
queue-closed = Entre-temps, notre helpdesk a fermé. Veuillez nous excuser de n'avoir pas pu vous aider à temps.
queue-nobody = Aucun collaborateur n'est présent pour le moment. Veuillez nous excuser de cette attente.
queue-overflow = Une autre équipe peut vous aider plus vite. Nous vous transférons, vous gardez le bénéfice de votre attente.
queue-full = Il y a actuellement trop d'appels pour vous mettre en attente. Veuillez nous excuser.
queue-failed = Nous n'arrivons pas à vous mettre en communication. Veuillez nous excuser.
queue-instead-choice = Pour être rappelé quand ce sera votre tour, appuyez sur 1. Pour laisser un message, appuyez sur 2.
queue-call-again = Rappelez-nous un peu plus tard, s'il vous plaît. Au revoir.

closed = Notre helpdesk est fermé pour le moment.
holiday = Notre helpdesk est fermé aujourd'hui, pour un jour férié ou de fermeture.
next-opening =
    { $opens ->
        [never] Consultez notre site pour connaître notre réouverture. Au revoir.
       *[other] Nous serons à nouveau joignables { next-opening-day } à partir de { next-opening-time }. À bientôt.
    }
next-opening-day =
    { $opens ->
        [today] aujourd'hui
        [tomorrow] demain
        [monday] lundi
        [tuesday] mardi
        [wednesday] mercredi
        [thursday] jeudi
        [friday] vendredi
        [saturday] samedi
        [sunday] dimanche
       *[date] le { $day ->
            [1] premier
           *[other] { $day }
        } { $month ->
            [1] janvier
            [2] février
            [3] mars
            [4] avril
            [5] mai
            [6] juin
            [7] juillet
            [8] août
            [9] septembre
            [10] octobre
            [11] novembre
           *[12] décembre
        }
    }
next-opening-time =
    { $hour ->
        [0] minuit
        [1] une heure
        [12] midi
       *[other] { $hour } heures
    }{ $minute ->
        [0] {""}
       *[other] {" "}{ $minute }
    }
opening-hours =
    Nous sommes joignables { $span ->
        [one] le { opening-first-day }
       *[many] du { opening-first-day } au { opening-last-day }
    }, de { next-opening-time } à { $until_hour ->
        [1] une heure
        [12] midi
        [24] minuit
       *[other] { $until_hour } heures
    }{ $until_minute ->
        [0] {""}
       *[other] {" "}{ $until_minute }
    }.
opening-first-day =
    { $first_day ->
        [monday] lundi
        [tuesday] mardi
        [wednesday] mercredi
        [thursday] jeudi
        [friday] vendredi
        [saturday] samedi
       *[sunday] dimanche
    }
opening-last-day =
    { $last_day ->
        [monday] lundi
        [tuesday] mardi
        [wednesday] mercredi
        [thursday] jeudi
        [friday] vendredi
        [saturday] samedi
       *[sunday] dimanche
    }

rating = Comment avons-nous répondu à votre demande ? Appuyez sur un chiffre de 1 à 5 : 1 pour mauvais, 5 pour très bien.
goodbye = Merci de votre appel. Au revoir.
apology = Un problème s'est produit de notre côté. Veuillez nous excuser et nous rappeler un peu plus tard.

# Quand nous rappelons un appelant
callback-answered = Bonjour, ici le helpdesk. Vous nous avez demandé de vous rappeler, et l’un de nos collègues est prêt à vous aider. La conversation est transcrite pour bien vous aider, et le texte est conservé { $retention_days } { $retention_days ->
        [one] jour
       *[other] jours
    }. Appuyez sur 1 pour parler, ou sur 9 pour parler sans transcription. Si vous n’avez plus besoin de nous, appuyez sur 2.
callback-answered-unheard = Bonjour, ici le helpdesk. Vous nous avez demandé de vous rappeler, et l’un de nos collègues est prêt à vous aider. Appuyez sur 1 pour parler. Si vous n’avez plus besoin de nous, appuyez sur 2.
callback-cancelled = Merci. Nous ne vous rappellerons plus. Au revoir.
callback-no-key = Nous n’avons pas entendu de touche et mettons fin à cet appel. Au revoir.

# Être rappelé au lieu d’attendre
queue-callback = Vous pouvez aussi être rappelé sans perdre votre place : appuyez sur 1.
queue-other-keys = Pour laisser un message, appuyez sur 2. Pour entendre à nouveau votre place, appuyez sur 0.
callback-own-number = Nous vous rappellerons au { PHONE($number) }. Appuyez sur 1 si c’est correct, sur 2 pour un autre numéro, ou sur 0 pour ne pas être rappelé.
callback-ask-number = Composez le numéro auquel nous pouvons vous rappeler, et terminez par la touche dièse.
callback-number-not-rung = Nous ne pouvons pas appeler ce numéro.
callback-confirm-number = Le numéro est le { PHONE($number) }. Appuyez sur 1 si c’est correct, ou sur 2 pour donner à nouveau un numéro.
callback-when = Appuyez sur 1 pour être appelé dès que c’est votre tour, ou sur 2 pour choisir un moment.
callback-slots = Quand pouvons-nous vous appeler ?
callback-slot = Appuyez sur { $key } pour { $slot_day ->
        [today] aujourd’hui
        [tomorrow] demain
        [monday] lundi
        [tuesday] mardi
        [wednesday] mercredi
        [thursday] jeudi
        [friday] vendredi
        [saturday] samedi
       *[sunday] dimanche
    } entre { $hour } heures et { $until_hour } heures.
callback-asked = Merci. Nous vous rappellerons, vous ne devez pas rester en ligne. Au revoir.
callback-refused = Nous sommes désolés, nous ne pouvons pas vous rappeler.
closed-choice = Pour être rappelé quand nous serons ouverts, appuyez sur 1. Pour laisser un message, appuyez sur 2.

# Messagerie
voicemail-notice = Votre message est enregistré et transcrit pour vous aider, et conservé { $retention_days } { $retention_days ->
        [one] jour
       *[other] jours
    }.
voicemail-message = Parlez après le signal, et terminez par la touche dièse.
voicemail-thanks = Merci pour votre message. Un collègue l’écoutera au plus tard à la fin du prochain jour ouvrable. Au revoir.
