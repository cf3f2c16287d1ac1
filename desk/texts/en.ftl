# What the screens say, in British English.

## Everywhere

nav-label = Pages
nav-wallboard = Wallboard
nav-calls = Calls
nav-targets = Targets
nav-search = Search
language-label = Language
sign-in = Sign in
sign-out = Sign out
username = User name
password = Password
sign-in-wrong = The user name or the password is wrong.
connection-lost = No connection since
dismiss = Close
queue = Queue
queues-label = Queues
operator = Operator
operators = Operators
caller = Caller
caller-unknown = Withheld number
outcome = Outcome
outcome-open = in progress
outcome-answered = answered
outcome-abandoned = abandoned
outcome-callback = callback
outcome-voicemail = voicemail
outcome-overflow = overflow
outcome-closed = closed
outcome-failed = failed
outcome-left-menu = left in the menu
at = At
all = All
find = Find
found-nothing = Nothing found.

## Clocks

clock-menu = Menu
clock-wait = Wait
clock-ring = Ring
clock-talk = Talk
clock-hold = On hold
clock-consult = Consult
clock-wrap_up = Wrap-up
waited = Waited
longest = longest
waiting = { $n } waiting

## The operator's states

state-away = Away
state-ready = Ready
state-pause = Pause
state-offered = Ringing
state-connecting = Connecting
state-talking = In a call
state-wrap-up = Wrap-up
pause-break = Break
pause-lunch = Lunch
pause-training = Training
pause-backoffice = Other work
pause-no-answer = A call rang here and was not answered.
pause-connection-lost = Your telephone fell away during a call.
wish-ready = then ready
wish-pause = then a pause
wish-away = then away

## The operator's page

operator-title = My desk
title-offer = ● A call for you
panel-now = Now
panel-day = My day
panel-customer = Customer
panel-ticket = Ticket
panel-earlier = Earlier
free-ready = Waiting for a call
free-ready-note = The next call in your queues and languages comes here.
free-pause = On a pause
free-away = Away
free-offered = One moment
become-ready = Become ready
offer-title = Incoming call
offer-lapses = Rings on for
menu-path = Chose
last-ticket = Open ticket
accept = Accept
decline = Decline
connecting = Connecting
connecting-note = The caller comes in as soon as your telephone is connected.
connect-again = Connect
hold = Hold
unhold = Take back
on-hold = on hold
off-hold = taken back
mute = Mute
end = End
wrap-up-left = Time left
wrap-up-code = Wrap-up code
wrap-up-note = What you typed on the ticket is saved when you finish.
choose = Choose…
finish = Finish
day-calls =
    { $n ->
        [one] call
       *[other] calls
    }
aht = AHT
aht-formula = Average handle time: (talk + hold + consult + wrap-up) / answered
my-calls = My last calls
my-calls-none = No calls yet today.
my-tickets = My open tickets
my-tickets-none = No open tickets of yours.

## The offer is gone

notice-offer-taken = { $winner } was first and took the call. You stay in your queues.
notice-offer-gone = That call no longer rings here.
notice-offer-lapsed = The call rang too long and goes to a colleague.
notice-offer-withdrawn = The caller left before you answered.

## The telephone

phone-none = Telephone: not loaded.
phone-starting = Telephone: starting…
phone-ready = Telephone ready
phone-calling = Telephone: connecting…
phone-open = Telephone connected
phone-lost = The telephone lost its connection and is trying again.
phone-timeout = The telephone did not connect in time. Press Connect to try again.
phone-mic-refused = The browser may not use the microphone. Allow it in the address bar and reload this page.
phone-failed = The telephone does not work just now. It tries again by itself.

## The transcript

transcript = Transcript
transcript-listening = listening
transcript-ended = ended
transcript-refused = opted out
transcript-no-model = no model
transcript-unavailable = not available
transcript-sentences = sentence by sentence
transcript-sentences-note = Many calls at once: whole sentences appear as soon as they are finished, without the words being said.
transcript-spooled = text follows after the call
transcript-spooled-note = Too many calls are going on to write this one down as well. Its text follows after the call; nothing is lost.
transcript-spool-full = not written down
transcript-spool-full-note = The rest of this call is not written down: there is no room left to keep its sound.
transcript-catching-up = text on its way
transcript-catching-up-note = The rest of this call is being written down now: { $percent } %.
transcript-complete = complete
transcript-incomplete = incomplete
transcript-incomplete-note = A part of this call could not be written down.
transcript-unavailable-note = This call is not written down any more, because of a fault in the speech recognition.
transcript-refused-note = This call is not transcribed, because the caller opted out.
transcript-no-model-note = This call is not transcribed: there is no speech model for its language.
transcript-nothing-yet = What is said appears here.
transcript-nothing-said = Nothing was written down.
transcript-gap = { $seconds } s of sound are missing
speaker-caller = Caller
speaker-you = You
speaker-operator = Operator
speaking = speaking
lag = lag

## Suggestions, opt-out and search

suggestions = Suggestions
suggestion-use = Use
suggestion-used = used
suggestion-shown = shown
suggestion-dismissed = dismissed
suggestion-dismiss = Dismiss: { $title }
known-problem = known problem
flag-complaint = Complaint
flag-cancel = Wants to cancel
flag-buying-signal = Buying signal
flag-remote-takeover = Remote takeover
flag-promise = Promise with a date
word-unsure = Not heard clearly
opt-out = Opt out
opt-out-note = The caller does not want a transcript: stop writing at once.
transcript-stopped-note = You stopped the transcript of this call. Nothing more is written down.
transcript-delete =
    { $n ->
        [one] Delete the sentence that was written
       *[other] Delete the { $n } sentences that were written
    }
export-text = Text
search-words = Words said
search-speaker = Speaker
search-more = The newest { $n } sentences are shown; narrow the search for others.
search-note = Searches in what was said. Use quotation marks for a phrase, and - before a word to leave it out.

## Customer and history

certainty-known = known number
certainty-shared = shared number
certainty-maybe = perhaps
certainty-confirmed = confirmed
certainty-nobody = unknown number
candidates = { $n } possible customers
customer-no-call = Who is calling appears here with the call.
customer-nobody = Nobody has this number. Find the customer by name.
find-customer = Find a customer
confirm = Confirm
level-end-user = end user
level-administrator = administrator
until = until
contract-over = Contract ended
contract-none = No contract
earlier-ticket = ticket
earlier-call = call
earlier-none = Nothing before today.
earlier-no-customer = Earlier calls and tickets appear when the customer is known.

## The ticket

no-subject = (no subject)
subject = Subject
priority = Priority
priority-P1 = P1 nobody can work
priority-P2 = P2 urgent
priority-P3 = P3 normal
priority-P4 = P4 can wait
note = Note
draft = draft kept
draft-left = Not saved yet after the call with { $caller }.
status-open = open
status-pending = pending
status-closed = closed
ticket-none = No ticket yet.
ticket-no-call = The ticket of the next call is written here.
ticket-after-accept = The ticket opens when you accept the call.
ticket-create = Create ticket
ticket-create-close = Create and close
ticket-save = Save
ticket-save-close = Save and close
ticket-link-open = Or put this call on an open ticket of this customer:
find-ticket = Find a ticket by number or subject
link = Link
error-subject-missing = Write in a few words what the call is about.
error-subject-long = The subject is too long; 200 characters is the most.
error-priority = Choose a priority.
error-note-long = The note is too long; 20 000 characters is the most.
error-ticket-number = Type a ticket number, such as 10442.
error-ticket-unknown = There is no ticket with that number.
error-code-missing = Choose how the call ended.

## Keyboard

help-title = Keyboard
help-accept = accept the call
help-decline = decline the call, or leave a field
help-hold = hold, and take back
help-mute = mute your microphone
help-ticket = go to the ticket
help-finish = finish the wrap-up
help-ready = become ready
help-help = this help
help-sound = Ring sound
help-close = Close

## Wallboard and targets

full-screen = Full screen
label-waiting = waiting
verdict-quiet = Nobody waits
verdict-within = Within target
verdict-at-risk = At risk
verdict-late = Too late
late =
    { $n ->
        [one] 1 beyond target
       *[other] { $n } beyond target
    }
target-words = { $share } within { $time }
service-level-today = service level today
service-level-formula = “offered”: answered within { $seconds } s / all offered
of-offered = { $answered } of { $offered } answered
targets-note = A change counts at once, also for those who wait now.
target-share = Share (%)
target-within = Within (s)
target-change = Change
target-longest = Longest wait (s)
target-when-missed = When it will be missed
when-missed-warn = Show it
when-missed-widen = Ask more operators
period = Period
period-days = Days
period-days-hint = mon-fri, or sat,sun,holidays
period-from = From
period-until = Until
period-add = Add a period
period-save = Save
period-remove = Remove
period-now = now: { $period }
at-risk =
    { $n ->
        [one] 1 at risk
       *[other] { $n } at risk
    }
error-longest = The longest wait is at least the target's time and at most 3600 seconds.
error-period = A period has a name and days such as mon-fri, holidays or special, and begins before it ends, on one day.
changes = Last changes
changes-none = Nobody changed a target yet.
who = Who
before = Before
after = After
error-share = A share is a number from 1 to 100.
error-within = A time is a whole number of seconds from 1 to 3600.

## Calls

call = Call
call-bar = The call divided into its clocks
call-text = Number or words said
call-status-menu = in the menu
call-status-waiting = waiting
call-status-offered = ringing
call-status-connecting = connecting
call-status-talking = talking
call-status-held = on hold
call-status-wrap-up = wrap-up
call-status-ended = ended
calls-none = No calls fit these filters.
day = Day
older = Older
within-target = within target
beyond-target = beyond target
timeline = Timeline
fact-call-started = Call came in
fact-language-chosen = Language chosen
fact-transcription-refused = Transcription refused
fact-menu-chosen = Chose
fact-queue-entered = Entered the queue
fact-wait-announced = Heard the wait
fact-offer-made = Offered to
fact-offer-settled = Offer
fact-leg-joined = In the conversation
fact-leg-left = Left the conversation
fact-hold-changed = Hold
fact-requeued = Back at the head of the queue
fact-room-ended = Conversation over
fact-flow-ended = Menu ended the call
fact-call-ended = Call over
fact-stream-changed = Sound to the transcript
fact-recording-changed = Recording
fact-incident-heard = Heard the incident message
fact-rated = Rated
fact-queue-exited = Sent on by the queue's rules
fact-wrap-up-started = Wrap-up began
fact-wrap-up-ended = Wrap-up done
how-accepted = accepted
how-declined = declined
how-lapsed = lapsed
how-withdrawn = withdrawn
attempts =
    { $n ->
        [one] 1 attempt
       *[other] { $n } attempts
    }
sync-pending = on its way
sync-delivered = in the ticketing system
sync-retrying = being tried again
sync-failed = delivery failed
sync-retry = Try again now

## Error pages

error-back = Back to Onthaal
error-form-expired = This page was open for too long. Go back, reload, and send it again.
error-wait = Try again in { $seconds ->
        [one] one second
       *[other] { $seconds } seconds
    }.
error-page-400 =
    .title = That could not be used
    .advice = Check what you sent and try again.
error-page-403 =
    .title = Not for your role
    .advice = Your account may not see this page. Ask a supervisor if you need it.
error-page-404 =
    .title = There is nothing here
    .advice = The address is wrong, or what it named is gone.
error-page-405 =
    .title = Not in this way
    .advice = Go back to the page and use its buttons.
error-page-409 =
    .title = Something was first
    .advice = It changed before you did this. Go back and look at how it stands now.
error-page-413 =
    .title = Too much at once
    .advice = What you sent is too large. Shorten it and try again.
error-page-429 =
    .title = Too many attempts
    .advice = Wait a little before you try again.
error-page-500 =
    .title = Something went wrong
    .advice = It is our fault and it has been written down. Try again.
error-page-502 =
    .title = The telephone network said no
    .advice = The call goes on as it was. Try again in a moment.
error-page-503 =
    .title = A part does not answer
    .advice = Calls go on. This page tries to come back; try again in a moment.

## Lost calls

nav-follow-ups = Lost calls
nav-operator = My calls
follow-ups-note = Who rang in vain, until somebody has reached them or they got through by themselves.
follow-ups-none = Nobody is waiting to be rung back.
follow-ups-done = Done
follow-up-last = Last call
follow-up-times = { $n } calls
follow-up-how = How
follow-up-reached = Reached
follow-up-not-needed = Not needed
closed-reached = reached
closed-got-through = got through
closed-not-needed = not needed

## Incidents

nav-incidents = Incidents
incidents-note = Heard by everybody who rings and, once, by those already waiting, each in their own language.
incident-form = New message
incident-for = For
incident-everywhere = All callers
incident-preview = What callers hear
incident-do-preview = Preview
incident-do-set = Let callers hear this
incident-do-change = Let callers hear the new text
incident-leave = Leave as it is
incident-change = Change
incident-end = It is over
incident-since = since { $moment }
incident-from = From
incident-until = Until
incident-text = Message
incident-standard-note = standard sentence
incidents-now = Callers hear now
incidents-none = Callers hear no message.
incidents-over = Earlier messages
error-incident-empty = Write the message in at least one language.
error-incident-long = A message is at most 300 characters: about 25 seconds.
error-incident-over = This incident is over already; set a new message if callers must hear one.

## Staffing

nav-staffing = Staffing
staffing-note = How many operators a target needs, by Erlang. The answer follows while you type.
staffing-calls = Calls in the interval
staffing-interval-min = Length of the interval, minutes
staffing-aht-s = Average handle time, seconds
staffing-share-percent = Target: answered in time, %
staffing-within-s = Target: within, seconds
staffing-patience-s = Patience of a caller, seconds (empty: endless)
staffing-shrinkage-percent = Time without calls (breaks, training, illness), %
staffing-reckon = Calculate
staffing-answer = Answer
staffing-operators = { $count ->
    [one] operator on the line
   *[other] operators on the line
}
staffing-rostered = { $count ->
    [one] { $count } person on the roster
   *[other] { $count } people on the roster
}
staffing-model-a = Erlang A: callers give up
staffing-model-c = Erlang C: nobody gives up
staffing-chart = Answered in time, by number of operators
staffing-x = Operators
staffing-in-time = In time
staffing-asa = Average wait
staffing-occupancy = Occupancy
staffing-abandonment = Give up
staffing-overloaded = Overloaded: the queue grows without end
staffing-error = These figures cannot be reckoned with. Calls, interval and handle time are more than zero, the target lies between 0 and 100 %, time without calls is below 100 %.

# Callbacks and messages
nav-owed = Callbacks and messages
owed-note = What was promised to callers who did not wait. Callbacks come to you as offers when it is their turn.
owed-callbacks = Callbacks
owed-callbacks-none = Nobody is waiting for a callback.
owed-voicemails = Messages
owed-voicemails-none = There are no messages to listen to.
owed-asked = Asked
owed-when = When
owed-due = Due
owed-late = late
owed-attempts = Attempts
owed-not-needed = Not needed
owed-left = Left
owed-message = Message
owed-no-sound = The sound is on its way.
owed-text-waiting = Being written down
owed-text-written = No words were recognised
owed-text-refused = The caller wanted no transcript
owed-text-no-model = There is no speech model for this language
owed-text-failed = Could not be written down
owed-take = I take it
owed-done = Done
owed-delete = Delete
callback-scheduled = Planned
callback-waiting = In the queue
callback-dialling = Being rung
offer-callback = Callback
offer-callback-note = Asked { $asked }, due { $due }. You come on the line first; then we ring the caller.
offer-callback-attempts = Tried before
callback-ringing = We are ringing the caller. They hear who it is and press 1.
outcome-not-reached = not reached
fact-callback-requested = Asked to be called back
fact-callback-began = Turn of the callback came
fact-callback-dialled = Caller is being rung
fact-voicemail-left = Message left
