// The operator's page: keyboard, telephone, drafts.

import "./attention.js";
import "./transcript.js";
import { inTurn, isTyping, markClean, send } from "./page.js";
import { Softphone } from "./softphone.js";

const phone = new Softphone();
const byId = (id) => document.getElementById(id);

// --- telephone: the tab in which the call was accepted is the one that connects

let accepted = null;

document.addEventListener(
  "submit",
  (event) => {
    const offer = event.target.dataset.accept;
    if (!offer) return;
    event.preventDefault(); // this form's way goes on to the telephone
    accepted = offer;
    inTurn(() => send(event.target, event.submitter)).catch(() => event.target.submit());
  },
  true,
);

function drawPhone() {
  const connecting = document.querySelector("[data-connecting]")?.dataset.connecting ?? null;
  if (connecting && connecting === accepted && !phone.inCall) {
    accepted = null;
    phone.connect(connecting);
  }
  const mute = byId("mute");
  if (mute) {
    mute.hidden = !phone.inCall;
    mute.setAttribute("aria-pressed", String(phone.muted));
  }
  const again = byId("connect-again");
  if (again) again.hidden = phone.inCall || accepted !== null || !connecting;
}

document.addEventListener("desk:drawn", drawPhone);
document.addEventListener("desk:phone", drawPhone);
document.addEventListener("click", (event) => {
  if (event.target.closest("#mute")) phone.toggleMute();
  if (event.target.closest("#connect-again")) {
    const connecting = document.querySelector("[data-connecting]");
    if (connecting) phone.connect(connecting.dataset.connecting);
  }
  if (event.target.closest("[data-close-help]")) byId("help").close();
});

// --- drafts: kept a moment after the last key, and at once when a field is left

let pause;

function keepDraft(form) {
  clearTimeout(pause);
  const controls = [...form.elements].filter((control) => control.name);
  const values = controls.map((control) => control.value);
  return inTurn(async () => {
    const response = await fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (!response.ok) return;
    controls.forEach((control, index) => control.value === values[index] && markClean(control));
  }).catch(() => {}); // still in the form, still marked: it goes with the next change
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (!form) return;
  clearTimeout(pause);
  pause = setTimeout(() => keepDraft(form), 600);
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (form) keepDraft(form);
});

// --- keyboard

const press = (id) => {
  const button = byId(id);
  if (!button || button.hidden || button.disabled) return false;
  button.click();
  return true;
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = byId("wrap-up-form");
    if (!form) return;
    event.preventDefault();
    const ticket = document.querySelector("form[data-draft]");
    if (ticket && ticket.contains(document.activeElement)) keepDraft(ticket);
    form.requestSubmit(byId("finish"));
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  const offering = byId("accept") !== null;
  if (isTyping(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const onControl = event.target.closest?.("button, a, summary") && event.target.id !== "accept";
  const keys = {
    Enter: () => offering && !onControl && press("accept"),
    Escape: () => offering && press("decline"),
    h: () => press("hold"),
    m: () => press("mute"),
    r: () => !offering && press("set-ready"),
    t: () => {
      byId("subject")?.focus();
      return byId("subject") !== null;
    },
    "?": () => {
      byId("help").showModal();
      return true;
    },
  };
  const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act?.()) event.preventDefault();
});

// --- notices that come while nobody pressed anything

document.addEventListener("desk:notice", ({ detail }) => {
  const notice = document.createElement("div");
  notice.className = "notice conflict";
  const text = document.createElement("p");
  text.textContent = detail.text;
  const close = document.createElement("button");
  close.type = "button";
  close.dataset.dismiss = "";
  close.textContent = "×";
  notice.append(text, close);
  byId("notices").replaceChildren(notice);
});

// The wrap-up begins with its code: the only field that is always needed. Nothing is taken from someone who types.
let wrapping = false;
document.addEventListener("desk:drawn", () => {
  const code = document.querySelector("#wrap-up-form [data-autofocus]");
  if (code && !wrapping && !isTyping(document.activeElement)) code.focus();
  wrapping = code !== null;
});

phone.start();
drawPhone();
