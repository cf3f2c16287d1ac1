/* The telephone on the page: a small state on top of the SDK's Device and Call. */

import { Reader, Tones } from "./speech.js";
import { TEXTS } from "./texts.js";

const $ = (id) => document.getElementById(id);
const body = document.body;
const client = body.dataset.client;
const reader = new Reader();
const tones = new Tones();
const device = new Twilio.Device(null, { identity: client || undefined });

let language = pickLanguage();
let call = null;
let incoming = null;
let answeredAt = null;
let clock = null;
let room = null; // the last `room` notice
let saidNoVoice = new Set();
let shown = { state: client ? "registering" : "idle", peer: ["peerIdle"], microphone: "micLater", banner: null };

// ------------------------------------------------------------------------------------------------ texts

function pickLanguage() {
  const stored = remembered("language");
  const wanted = [stored, ...(navigator.languages || [navigator.language])].map((each) => (each || "").slice(0, 2));
  return wanted.find((each) => each in TEXTS) || "en";
}

function remembered(name) {
  try {
    return localStorage.getItem(`telephone.${name}`);
  } catch {
    return null; // storage is switched off: nothing is remembered
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(`telephone.${name}`, value);
  } catch {
    /* storage is switched off: nothing is remembered */
  }
}

function text(name, values = {}) {
  const sentence = TEXTS[language][name] ?? name;
  return sentence.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

function draw() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = text(element.dataset.text, { client });
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", text(element.dataset.label));
  for (const button of document.querySelectorAll("[data-language]")) button.setAttribute("aria-pressed", String(button.dataset.language === language));
  for (const entry of $("log").querySelectorAll("[data-says]")) entry.textContent = text(entry.dataset.says, JSON.parse(entry.dataset.values));
  drawState();
}

function drawState() {
  body.dataset.state = shown.state;
  const values = shown.values || {};
  $("state").textContent = text(shown.state, values);
  $("peer").textContent = text(shown.peer[0], shown.peer[1]);
  document.title = shown.state === "idle" || shown.state === "waiting" ? `${text("title")}${client ? ` ${client}` : ""}` : `${text(shown.state, values)} · ${text("title")}`;
  const muted = call?.isMuted();
  $("microphone-state").textContent = text(muted ? "micMuted" : shown.microphone);
  $("mute").setAttribute("aria-pressed", String(Boolean(muted)));
  $("mute").firstElementChild.textContent = text(muted ? "unmute" : "mute");
  $("banner").hidden = !shown.banner;
  $("banner").textContent = shown.banner ? text(...shown.banner) : "";
  for (const field of $("form").elements) field.disabled = Boolean(call); // shown in a call too: nothing jumps
  $("call").hidden = Boolean(client) || Boolean(call);
  $("answer").hidden = $("decline").hidden = !incoming;
  $("hangup").hidden = $("mute").hidden = !call || Boolean(incoming);
  $("keypad").toggleAttribute("data-asked", shown.state === "gathering");
}

function show(changes) {
  shown = { ...shown, ...changes };
  drawState();
}

// ------------------------------------------------------------------------------------- what is heard, as text

function now() {
  return new Date().toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
}

function write(kind, fill) {
  $("empty").hidden = true;
  $("log").hidden = false;
  const entry = document.createElement("li");
  entry.className = kind;
  const time = document.createElement("time");
  time.textContent = now();
  const words = document.createElement("p");
  fill(words);
  entry.append(time, words);
  $("log").append(entry);
  $("log").scrollTop = $("log").scrollHeight;
}

function note(name, values = {}) {
  write("note", (words) => {
    words.dataset.says = name;
    words.dataset.values = JSON.stringify(values);
    words.textContent = text(name, values);
  });
}

function hear(said) {
  write("said", (words) => {
    words.lang = said.language || "";
    words.textContent = said.text;
  });
  const short = (said.language || "").slice(0, 2);
  if (!reader.say(said.text, said.language || language, said.duration_s) && !saidNoVoice.has(short)) {
    saidNoVoice.add(short);
    $("voice-note").hidden = false;
    $("voice-note").textContent = text("noVoice", { language: TEXTS[language][short] || said.language });
  }
}

// -------------------------------------------------------------------------------------------------- the call

function minutes(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  return `${String(Math.floor(s / 60)).padStart(2, "0")}:${String(s % 60).padStart(2, "0")}`;
}

function startClock() {
  if (answeredAt) return;
  answeredAt = Date.now();
  $("timer").hidden = false;
  $("timer").textContent = "00:00";
  clock = setInterval(() => ($("timer").textContent = minutes(Date.now() - answeredAt)), 250);
}

function begin(newCall) {
  call = newCall;
  room = null;
  saidNoVoice = new Set();
  $("log").replaceChildren();
  $("voice-note").hidden = true;
  call.on("accept", () => {
    startClock();
    if (shown.state === "calling" || shown.state === "ringing") show({ state: "connected" });
  });
  call.on("notice", onNotice);
  call.on("microphone", () => show({ microphone: room?.muted ? "micMutedByRoom" : "micOpen" }));
  call.on("volume", drawLevel);
  call.on("mute", drawState);
  call.on("warning", (name) => {
    const banner = { "microphone-refused": "micRefused", "microphone-missing": "micMissing", "sound-unavailable": "soundUnavailable" }[name];
    show({ banner: [banner], microphone: name === "sound-unavailable" ? shown.microphone : "micOff" });
  });
  for (const end of ["disconnect", "cancel", "reject"]) call.on(end, () => over());
}

function onNotice(kind, data) {
  switch (kind) {
    case "saying":
      leave();
      hear(data);
      return show({ state: shown.state === "gathering" ? "gathering" : "saying" });
    case "gathering":
      return show({ state: /dtmf/.test(data.input || "dtmf") ? "gathering" : "listening" });
    case "gather-ended":
      return show({ state: "connected" });
    case "playing":
      note("logMusic");
      return show({ state: "playing" });
    case "queued":
      note("logQueued");
      return show({ state: "queued" });
    case "recording":
      note("logRecording");
      return show({ state: "recording" });
    case "room":
      return enter(data);
    case "ended":
      return show({ reason: data.reason });
    default:
      return undefined;
  }
}

function enter(data) {
  const before = room;
  room = data;
  if (!data.held) reader.hush();
  const talking = data.others > 0;
  if (data.held && !before?.held) note("logHeld");
  else if (!data.held && before?.held) note("logBack");
  else if (talking && !before?.others) note("logTalking");
  else if (!talking && before?.others) note("logAlone");
  const microphone = shown.microphone === "micOff" ? "micOff" : data.muted ? "micMutedByRoom" : shown.microphone === "micLater" ? "micLater" : "micOpen";
  show({
    state: data.held ? "held" : talking ? "talking" : "alone",
    peer: talking ? (data.others === 1 ? ["peerOne"] : ["peerMany", { count: data.others }]) : ["peerListening"],
    microphone,
  });
}

/** A document speaks again: whoever was in the room is not heard any more. */
function leave() {
  if (!room) return;
  room = null;
  show({ peer: ["peerIdle"] });
}

const REASONS = new Set(["busy", "no-answer", "failed", "rejected"]);

function over() {
  tones.stopRinging();
  reader.hush();
  clearInterval(clock);
  $("timer").hidden = true;
  if (answeredAt) note("logEnded", { time: minutes(Date.now() - answeredAt) });
  call = incoming = answeredAt = null;
  drawLevel(0, 0);
  const gone = shown.banner?.[0] === "gone";
  const keep = ["micRefused", "micMissing", "refused"].includes(shown.banner?.[0]) || gone;
  show({
    state: client ? "waiting" : REASONS.has(shown.reason) ? shown.reason : "ended",
    peer: ["peerIdle"], values: {}, reason: null, microphone: "micLater", banner: keep ? shown.banner : null,
  });
  if (!client) $("call").focus();
}

async function dial() {
  if (call) return;
  const to = $("to").value.replace(/[^0-9+]/g, "");
  const from = ($("caller").value || $("from").value).replace(/[^0-9+]/g, "");
  if (!$("form").reportValidity()) return;
  remember("caller", $("caller").value);
  remember("from", $("from").value);
  show({ banner: null });
  device.echoCancellation = $("loudspeaker").checked;
  const placing = device.connect({ dial: { from, to } });
  begin(device.calls[0]);
  show({ state: "calling", peer: ["peerCall", { number: $("to").value }] });
  $("hangup").focus();
  try {
    await placing;
  } catch (error) {
    show({ banner: error.code === 31005 ? ["gone"] : ["refused", { message: error.message }], state: "failed" });
  }
}

function press(key) {
  tones.key(key);
  const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  button.classList.add("pressed");
  setTimeout(() => button.classList.remove("pressed"), 140);
  if (call && !incoming) {
    reader.hush(); // a key cuts the prompt short
    call.sendDigits(key);
    note("logPressed", { digits: key });
  } else if (!client) {
    $("to").value += key;
  }
}

function drawLevel(input) {
  const level = Math.min(1, Math.sqrt(input) * 1.4); // speech is soft in numbers and loud in the ear
  $("level").style.setProperty("--level", level.toFixed(3));
  $("level").setAttribute("aria-valuenow", String(Math.round(level * 100)));
}

// ------------------------------------------------------------------------------------- the person at the page

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  dial();
});
$("caller").addEventListener("change", () => {
  $("from").hidden = $("caller").value !== "";
  $("from").required = !$("from").hidden;
  if (!$("from").hidden) $("from").focus();
});
$("hangup").addEventListener("click", () => call?.disconnect());
$("answer").addEventListener("click", () => {
  tones.stopRinging();
  device.echoCancellation = $("loudspeaker").checked;
  incoming.accept();
  incoming = null;
  show({ state: "connected" });
  $("hangup").focus();
});
$("decline").addEventListener("click", () => incoming?.reject());
$("mute").addEventListener("click", () => call?.mute(!call.isMuted()));
$("sound").addEventListener("click", () => {
  reader.on = !reader.on;
  if (!reader.on) reader.hush();
  remember("sound", reader.on ? "on" : "off");
  $("sound").setAttribute("aria-pressed", String(reader.on));
});
for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    language = button.dataset.language;
    remember("language", language);
    draw();
  });
}
for (const button of document.querySelectorAll("[data-key]")) button.addEventListener("click", () => press(button.dataset.key));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("input[type=tel], select");
  if (/^[0-9*#]$/.test(event.key) && (!typing || call)) {
    event.preventDefault();
    press(event.key);
  } else if (event.key === "Escape" && call) {
    if (incoming) incoming.reject();
    else call.disconnect();
  } else if (event.key.toLowerCase() === "m" && call && !incoming && !typing) {
    call.mute(!call.isMuted());
  }
});

// -------------------------------------------------------------------------------------------------- beginning

if (remembered("sound") === "off") reader.on = false;
$("sound").setAttribute("aria-pressed", String(reader.on));
const known = remembered("caller");
if (known !== null && [...$("caller").options].some((option) => option.value === known)) $("caller").value = known;
$("from").value = remembered("from") || $("from").value;
$("from").hidden = $("caller").value !== "";
draw();

if (client) {
  device.on("registered", () => show({ state: call ? shown.state : "waiting", banner: null }));
  device.on("unregistered", () => show({ banner: ["goneClient"], state: "registering" }));
  device.on("error", () => call || show({ banner: ["goneClient"], state: "registering" }));
  device.on("incoming", (newCall) => {
    incoming = newCall;
    begin(newCall);
    show({ state: "ringing", values: { from: newCall.parameters.From }, peer: ["peerIdle"] });
    tones.startRinging();
    $("answer").focus();
  });
  device.register().catch(() => {});
} else {
  device.on("error", (error) => {
    if (error.code === 31005) show({ banner: ["gone"] });
  });
  $("call").focus();
}
