# What callers hear, in British English. Short sentences, polite, written as they are spoken.

welcome = Welcome to the helpdesk. For English, press { $key }.

notice =
    This call is transcribed so that we can help you better. We keep the text for { $retention_days ->
        [one] one day
       *[other] { $retention_days } days
    }. If you would rather we did not, please press 9 now.
notice-refused = Of course. This call will not be transcribed.

topic = For internet and telephony, press 1. For your computer or printer, press 2. For accounts and passwords, press 3. For an invoice, press 4. For anything else, press 0.
topic-internet = Internet and telephony
topic-computer = Computer and printer
topic-accounts = Accounts and passwords
topic-invoice = Invoice
topic-other = Something else
menu-no-input = I did not hear your choice.
menu-wrong-key = I do not know that choice.
anyone = Not to worry, one of our colleagues will help you.

ask-no-input = I did not hear anything.
ask-wrong = I do not recognise that.
speech-choice = You can also say your choice.
speech-digits = You can also say the digits.
speech-yes-no = You can also say yes or no.

queue-enter = One moment please, we are connecting you.
queue-position =
    { $position ->
        [1] You are next in line.
        [2] There is one caller ahead of you.
       *[other] You are number { $position } in the queue.
    }
queue-position-estimate =
    { queue-position } { $bound ->
        [less-than] The wait is less than
        [more-than] The wait is more than
       *[about] The wait is about
    } { $minutes ->
        [one] one minute.
       *[other] { $minutes } minutes.
    }
incident-standard = There is a known disruption. We are working on it.
queue-closed = Our helpdesk has closed in the meantime. We are sorry that we could not help you in time.
queue-nobody = There is nobody here to help you just now. We are sorry that you waited so long.
queue-overflow = Another team can help you sooner. We are passing you on; the time you have waited still counts.
queue-full = We are so busy that we cannot put you in the queue just now. We are sorry.
queue-failed = We cannot connect you just now. We are sorry.
queue-instead-choice = To be called back when it is your turn, press 1. To leave a message, press 2.
queue-call-again = Please call again a little later. Goodbye.

closed = Our helpdesk is closed at the moment.
holiday = Our helpdesk is closed today for a public holiday or closing day.
next-opening =
    { $opens ->
        [never] Please see our website for when we open again. Goodbye.
       *[other] You can reach us again { next-opening-day } from { next-opening-time }. Goodbye.
    }
next-opening-day =
    { $opens ->
        [today] today
        [tomorrow] tomorrow
        [monday] on Monday
        [tuesday] on Tuesday
        [wednesday] on Wednesday
        [thursday] on Thursday
        [friday] on Friday
        [saturday] on Saturday
        [sunday] on Sunday
       *[date] on { $day } { $month ->
            [1] January
            [2] February
            [3] March
            [4] April
            [5] May
            [6] June
            [7] July
            [8] August
            [9] September
            [10] October
            [11] November
           *[12] December
        }
    }
next-opening-time =
    { HOUR12($hour) }{ $minute ->
        [0] {""}
       *[other] :{ NUMBER($minute, minimumIntegerDigits: 2) }
    } { HALF($hour) ->
        [am] am
       *[pm] pm
    }
opening-hours =
    Our hours are { $span ->
        [one] { opening-first-day }
       *[many] { opening-first-day } to { opening-last-day }
    }, from { next-opening-time } to { HOUR12($until_hour) }{ $until_minute ->
        [0] {""}
       *[other] :{ NUMBER($until_minute, minimumIntegerDigits: 2) }
    } { HALF($until_hour) ->
        [am] am
       *[pm] pm
    }.
opening-first-day =
    { $first_day ->
        [monday] Monday
        [tuesday] Tuesday
        [wednesday] Wednesday
        [thursday] Thursday
        [friday] Friday
        [saturday] Saturday
       *[sunday] Sunday
    }
opening-last-day =
    { $last_day ->
        [monday] Monday
        [tuesday] Tuesday
        [wednesday] Wednesday
        [thursday] Thursday
        [friday] Friday
        [saturday] Saturday
       *[sunday] Sunday
    }

rating = How did we do? Please press a key from 1 to 5, where 1 is poor and 5 is very good.
goodbye = Thank you for calling. Goodbye.
apology = Something went wrong on our side. We are sorry. Please call again a little later.

# When we ring a caller back
callback-answered = Good day, this is the helpdesk. You asked us to call you back, and one of our colleagues is ready for you. The conversation is transcribed to help you well, and the text is kept for { $retention_days } { $retention_days ->
        [one] day
       *[other] days
    }. Press 1 to talk, or 9 to talk without transcription. If you no longer need our call, press 2.
callback-answered-unheard = Good day, this is the helpdesk. You asked us to call you back, and one of our colleagues is ready for you. Press 1 to talk. If you no longer need our call, press 2.
callback-cancelled = Thank you. We will not call you back again. Goodbye.
callback-no-key = We did not hear a key, so we end this call. Goodbye.

# Callback instead of waiting
queue-callback = You can also be called back without losing your place: press 1.
queue-other-keys = To leave a message, press 2. To hear your place again, press 0.
callback-own-number = We will call you back on { PHONE($number) }. Press 1 if that is right, 2 for another number, or 0 not to be called back.
callback-ask-number = Please key in the number on which we may call you back, and end with hash.
callback-number-not-rung = We cannot call that number.
callback-confirm-number = The number is { PHONE($number) }. Press 1 if that is right, or 2 to give a number again.
callback-when = Press 1 to be called as soon as it is your turn, or 2 to choose a time.
callback-slots = When may we call you?
callback-slot = Press { $key } for { $slot_day ->
        [today] today
        [tomorrow] tomorrow
        [monday] Monday
        [tuesday] Tuesday
        [wednesday] Wednesday
        [thursday] Thursday
        [friday] Friday
        [saturday] Saturday
       *[sunday] Sunday
    } between { HOUR12($hour) } { HALF($hour) } and { HOUR12($until_hour) } { HALF($until_hour) }.
callback-asked = Thank you. We will call you back, you need not stay on the line. Goodbye.
callback-refused = We are sorry, we cannot call you back.
closed-choice = To be called back when we are open, press 1. To leave a message, press 2.

# Voicemail
voicemail-notice = Your message is recorded and written out to help you, and kept for { $retention_days } { $retention_days ->
        [one] day
       *[other] days
    }.
voicemail-message = Speak after the tone, and end with hash.
voicemail-thanks = Thank you for your message. A colleague listens to it by the end of the next working day. Goodbye.
