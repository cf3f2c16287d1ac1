"""The composition root: settings in, services out. The only place where the rooms meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import requests
from redis import Redis

from app.erasure import Erasure
from app.figures import Past
from app.jobs import RqPush, let_urgent_pass
from app.joints import MessageTranscriber, MissingSounds, SameTicket, StreamTickets
from app.speech import AnswerTokens, UnderstoodLanguages
from app.spooling import OptOuts, calls_over, spool_folder, suggest_late
from callflows.engine import Context
from callflows.prompts import Catalogue
from crm_sync.adapters.builtin import BuiltinStore
from crm_sync.delivery import Delivery
from desk.accounts import Accounts
from desk.services import DeskServices
from desk.slowdown import SignInBrake
from foundation.clock import Clock, SystemClock
from foundation.database import Database
from foundation.live import Live
from foundation.memory import connect, connect_for_jobs
from foundation.outbox import Handler, Outbox, Push
from foundation.settings import ROOT, Settings, numbers_of
from helpdesk.phrases import Phrases
from helpdesk.service import Helpdesk
from helpdesk.suggestions import Suggestions
from ivr import call_log, conversations, twiml
from ivr.call_log import CallLog
from ivr.conversations import Conversations
from ivr.flows import FlowLibrary
from ivr.follow_ups import FollowUps
from ivr.incidents import Incidents
from ivr.listening import HEARD, Ears, SpokenAnswers
from ivr.messages import FETCH, TRANSCRIBE, Messages
from ivr.opting_out import OptingOut
from ivr.outbound import Outbound
from ivr.recordings import TwilioRecordings
from ivr.resuming import RESUME, Resuming
from ivr.service import IvrService
from ivr.sessions import Sessions
from ivr.telephony import twilio_telephony
from ivr.urls import VoiceUrls
from ivr.waiting import Waiting
from queueing.callbacks import Callbacks
from queueing.days import Days
from queueing.rulebook import RuleBook
from queueing.service import QueueService
from queueing.skills import SkillBook
from queueing.voicemails import Voicemails
from reporting.live import LiveFigures
from reporting.report import Reports
from transcription import calibration
from transcription.admission import Admission, Limits
from transcription.catching_up import CatchingUp
from transcription.models import Models, find
from transcription.questions import Questions
from transcription.recorded import RecordedSpeech
from transcription.server import MediaServer
from transcription.spools import TRANSCRIBE as TRANSCRIBE_SPOOL
from transcription.spools import Spools
from transcription.store import Transcripts
from transcription.tokens import StreamTokens
from webhooks.signature import HandshakeGuard, SignatureGuard

TICKET_LANGUAGE = "nl"  # of the queue's name in the subject of a ticket that nobody gave one


@dataclass(frozen=True)
class Container:
    """Every service of one process. Connections open when they are first used."""

    settings: Settings
    clock: Clock
    database: Database
    redis: Redis
    job_redis: Redis
    live: Live
    outbox: Outbox
    handlers: Mapping[str, Handler]
    call_log: CallLog
    queue: QueueService
    ivr: IvrService
    spoken: SpokenAnswers
    flows: FlowLibrary
    rules: RuleBook
    skills: SkillBook
    days: Days
    incidents: Incidents
    follow_ups: FollowUps
    conversations: Conversations
    resuming: Resuming
    callbacks: Callbacks
    outbound: Outbound
    voicemails: Voicemails
    messages: Messages
    helpdesk: Helpdesk
    transcripts: Transcripts
    spools: Spools
    catching_up: CatchingUp
    stream_tokens: StreamTokens
    delivery: Delivery
    signature_guard: SignatureGuard
    urls: VoiceUrls
    apology: str
    desk: DeskServices
    erasure: Erasure

    def media_server(self) -> MediaServer:
        """The server of the `media` process; models are loaded when a stream first needs them."""
        settings = self.settings
        return MediaServer(
            host=settings.listen_host,
            port=settings.media_port,
            threads=settings.transcription_threads,
            models=Models(settings.models_dir),
            handshake=HandshakeGuard(settings.media_stream_url, settings.twilio_auth_token.get_secret_value()),
            tokens=self.stream_tokens,
            transcripts=self.transcripts,
            live=self.live,
            clock=self.clock,
            redact_emails=settings.redact_emails,
            questions=Questions(self.redis),
            answers=self.spoken,
            admission=Admission(
                calibration.cores(settings.transcription_threads), Limits(share=settings.transcription_share)
            ),
            spools=spool_folder(settings),
            index=self.spools,
            warms=True,
        )

    def close(self) -> None:
        self.database.close()
        self.redis.close()
        self.job_redis.close()


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    push: Push | None = None,
    telephony_adapter: requests.adapters.BaseAdapter | None = None,
) -> Container:
    """Join the rooms. Tests give a clock of their own, and an adapter that reaches the simulator without a network."""
    clock = clock or SystemClock()
    database = Database(settings.database_url)
    redis = connect(settings.redis_url)
    job_redis = connect_for_jobs(settings.redis_url)
    push = push or RqPush(job_redis)
    live = Live(redis)
    prompts = Catalogue.load(settings.prompts_dir)
    urls = VoiceUrls(settings.public_base_url)

    log = CallLog(database, redis, clock, live, push)
    sessions = Sessions(redis, log)
    queue = QueueService(
        database, redis, clock, live, log, offer_ttl_s=settings.offer_ttl_s, connect_ttl_s=settings.connect_ttl_s
    )
    stream_tokens = StreamTokens(settings.secret_key.get_secret_value(), redis, clock)
    telephony = twilio_telephony(
        settings.twilio_account_sid,
        settings.twilio_auth_token.get_secret_value(),
        settings.twilio_api_base_url,
        telephony_adapter,
    )
    tickets = StreamTickets(settings.media_stream_url, stream_tokens, clock)
    callbacks = Callbacks(database, clock, live, log, queue)
    helpdesk = Helpdesk(database, clock)
    outgoing = Outbound(
        log,
        callbacks,
        telephony,
        lambda say: prompts.text(say.language, say.prompt, say.args),
        urls,
        clock,
        from_number=settings.helpdesk_number,
        retention_days=settings.retention_days,
        same_ticket=SameTicket(helpdesk),
    )
    rules = RuleBook(database, redis, clock, queue)
    waiting = Waiting(queue, rules, callbacks, clock)
    talk = Conversations(log, sessions, queue, waiting, telephony, tickets, outgoing, urls, clock)
    flows = FlowLibrary(database, clock, settings.flows_dir, settings.flow, numbers_of(settings.number_flows))
    skills = SkillBook(database, clock, live, prompts.languages)
    incidents = Incidents(database, clock, prompts.languages)
    follow_ups = FollowUps(database, clock, log, live)
    ears = Ears(
        redis,
        AnswerTokens(stream_tokens),
        UnderstoodLanguages(settings.models_dir, listen=settings.speech_answers),
        log.refused_transcription,
        url=settings.media_stream_url,
    )
    ivr = IvrService(
        flows,
        sessions,
        log,
        waiting,
        talk,
        incidents,
        ears,
        prompts,
        urls,
        clock,
        context=Context(retention_days=settings.retention_days, always_open=settings.always_open),
    )
    spoken = SpokenAnswers(ivr, ears, telephony, urls, database, clock, push)
    transcripts = Transcripts(database)
    suggestions = Suggestions(database, clock, Phrases.load(settings.phrases_dir))
    folder = spool_folder(settings)
    spools = Spools(database, folder, clock, push, calls_over(database))
    models = Models(settings.models_dir)
    catching_up = CatchingUp(
        spools,
        folder,
        models,
        transcripts,
        live,
        complete=suggest_late(suggestions, transcripts),
        meanwhile=lambda: let_urgent_pass(job_redis),
        redact_emails=settings.redact_emails,
        questions=Questions(redis),
    )
    delivery = Delivery(
        database,
        clock,
        log,
        BuiltinStore(helpdesk),
        lambda operator_id: queue.operator(operator_id).name,
        public_base_url=settings.public_base_url,
        queue_title=lambda name: queue.queue(name).label(TICKET_LANGUAGE),
    )
    voicemails = Voicemails(database, clock, live)
    messages = Messages(
        log,
        voicemails,
        TwilioRecordings(
            settings.twilio_account_sid,
            settings.twilio_auth_token.get_secret_value(),
            settings.twilio_api_base_url,
            telephony_adapter,
        ),
        MessageTranscriber(RecordedSpeech(models, transcripts, redact_emails=settings.redact_emails), log),
        database,
        clock,
        push,
        folder=settings.voicemail_dir,
    )
    outbox = Outbox(database, clock, push)
    resuming = Resuming(log, telephony, tickets, MissingSounds(transcripts, live), urls, clock)
    past = Past(log, callbacks, database)
    desk = DeskServices(
        settings=settings,
        clock=clock,
        database=database,
        redis=redis,
        texts=Catalogue.load(ROOT / "desk" / "texts"),
        prompts=prompts,
        accounts=Accounts(database),
        brake=SignInBrake(redis),
        queues=queue,
        calls=log,
        conversations=talk,
        helpdesk=helpdesk,
        transcripts=transcripts,
        suggestions=suggestions,
        opting_out=OptingOut(log, telephony, OptOuts(transcripts, spools), clock),
        figures=LiveFigures(past, clock, settings.timezone),
        reports=Reports(past, clock),
        syncs=delivery,
        rules=rules,
        skills=skills,
        incidents=incidents,
        follow_ups=follow_ups,
        callbacks=callbacks,
        voicemails=voicemails,
        delete_voicemail=messages.delete,
        written=spools.of_conversation,
        transcribed=lambda: find(settings.models_dir).keys(),
    )
    return Container(
        settings=settings,
        clock=clock,
        database=database,
        redis=redis,
        job_redis=job_redis,
        live=live,
        outbox=outbox,
        handlers={
            call_log.SETTLE: talk.settle,
            call_log.SYNC: delivery.deliver,
            call_log.CALLBACK: outgoing.request,
            call_log.VOICEMAIL: messages.take,
            FETCH: messages.fetch,
            TRANSCRIBE: messages.transcribe,
            TRANSCRIBE_SPOOL: catching_up.transcribe,
            call_log.FOLLOW_UP: follow_ups.settle,
            conversations.MOVE_IN: talk.move_in,
            conversations.REQUEUE: talk.requeue,
            RESUME: resuming.resume,
            HEARD: spoken.answer,
        },
        call_log=log,
        queue=queue,
        resuming=resuming,
        ivr=ivr,
        spoken=spoken,
        flows=flows,
        rules=rules,
        skills=skills,
        days=Days(database, clock),
        incidents=incidents,
        follow_ups=follow_ups,
        conversations=talk,
        callbacks=callbacks,
        outbound=outgoing,
        voicemails=voicemails,
        messages=messages,
        helpdesk=helpdesk,
        transcripts=transcripts,
        spools=spools,
        catching_up=catching_up,
        stream_tokens=stream_tokens,
        delivery=delivery,
        signature_guard=SignatureGuard(settings.public_base_url, settings.twilio_auth_token.get_secret_value()),
        urls=urls,
        apology=_apology(prompts, settings.fallback_number),
        desk=desk,
        erasure=Erasure(database, redis, clock, settings),
    )


def _apology(prompts: Catalogue, fallback_number: str) -> str:
    """The document for when nothing else works, made while everything does."""
    sentences = [(prompts.text(language, "apology", {}), language) for language in prompts.languages]
    return twiml.apology(sentences, fallback_number)
