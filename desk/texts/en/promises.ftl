# What a caller was promised, and what came of it.

rating = Rating
told = Announced wait
told-said = Heard
told-real = Then waited
told-short = said:
told-too-little = told too little
told-position = number { $n }
told-place = the place only
told-less-than = less than { $minutes ->
        [one] 1 minute
       *[other] { $minutes } minutes
    }
told-about = about { $minutes ->
        [one] 1 minute
       *[other] { $minutes } minutes
    }
told-more-than = more than { $minutes ->
        [one] 1 minute
       *[other] { $minutes } minutes
    }
callback = Callback
callback-attempt = attempt { $n }
callback-no-attempts = Not tried yet.
callback-total-wait = Total wait, over all attempts
callback-reached = Reached
callback-unreached = Given up
callback-returned = Rang again
callback-cancelled = Not needed any more
attempt-reached = reached
attempt-no-answer = no answer
attempt-busy = busy
attempt-failed = failed
attempt-no-key = did not press 1
attempt-operator-lost = operator was lost
attempt-returned = rang again
attempt-cancelled = not needed any more
attempt-open = under way
