// What every live page does: draw regions again as the server sends them, send forms without leaving the page.

import { Idiomorph } from "../vendor/idiomorph.esm.js";
import { drawClocks, setServerTime, startClocks } from "./clocks.js";

const dirty = new Set(); // form controls with something typed that the server does not have yet

const drawnAt = new Map(); // region -> the server's time, in ms, of what an event drew in it

export const isTyping = (element) => element && element.closest("input, select, textarea, [contenteditable]") !== null;
export const markClean = (control) => dirty.delete(control);

// `fresher` says of a region that it shows something newer than what is being drawn.
const callbacks = (fresher) => ({
  beforeNodeMorphed(before, after) {
    if (!(before instanceof Element)) return true;
    if (before.hasAttribute("data-keep")) return before.id !== after.id; // what only this browser knows
    if (fresher(before.dataset.region)) return after.querySelector('[aria-invalid="true"]') !== null;
    if (before instanceof HTMLDetailsElement && before.open) after.setAttribute("open", "");
    return !dirty.has(before);
  },
});

function morph(element, html, fresher = () => false) {
  Idiomorph.morph(element, html, { morphStyle: "innerHTML", ignoreActiveValue: true, callbacks: callbacks(fresher) });
  for (const control of dirty) if (!control.isConnected) dirty.delete(control);
  drawClocks();
}

function drawRegion(name, html, at) {
  const region = document.querySelector(`[data-region="${name}"]`);
  if (!region) return;
  drawnAt.set(name, Date.parse(at));
  const scroller = region.querySelector(".transcript-scroll");
  const atEnd = scroller && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
  morph(region, html);
  const after = region.querySelector(".transcript-scroll");
  if (after && (atEnd || !scroller)) after.scrollTop = after.scrollHeight;
  document.dispatchEvent(new CustomEvent("desk:drawn", { detail: name }));
}

function drawPage(text, url) {
  const next = new DOMParser().parseFromString(text, "text/html");
  if (next.body.dataset.page !== document.body.dataset.page) {
    location.assign(url);
    return;
  }
  setServerTime(next.body.dataset.now);
  document.documentElement.lang = next.documentElement.lang;
  const changedTexts = next.title !== document.title;
  for (const [name, value] of Object.entries(next.body.dataset)) document.body.dataset[name] = value;
  const asOf = Date.parse(next.body.dataset.now); // an answer on its way may be overtaken by an event
  morph(document.body, next.body.innerHTML, (region) => drawnAt.get(region) > asOf);
  if (changedTexts) document.title = next.title;
  document.dispatchEvent(new CustomEvent("desk:drawn", { detail: "page" }));
  const invalid = document.querySelector('[aria-invalid="true"]');
  if (invalid) invalid.focus();
}

let queue = Promise.resolve(); // forms go one after the other: a draft is kept before the form that needs it

export function inTurn(work) {
  queue = queue.then(work, work);
  return queue;
}

export async function send(form, submitter) {
  const body = new FormData(form, submitter);
  const action = submitter?.getAttribute("formaction") || form.action;
  for (const control of form.elements) dirty.delete(control);
  let url = action;
  const options = { headers: { Accept: "text/html" }, credentials: "same-origin" };
  if (form.method === "get") url = `${action}?${new URLSearchParams(body)}`;
  else Object.assign(options, { method: "POST", body: new URLSearchParams(body) });
  const response = await fetch(url, options);
  drawPage(await response.text(), response.url);
  return response;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-enhance]") || event.defaultPrevented) return;
  event.preventDefault();
  const { submitter } = event;
  form.closest("details")?.removeAttribute("open");
  inTurn(() => send(form, submitter)).catch(() => form.submit());
});

document.addEventListener("input", (event) => dirty.add(event.target));

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-dismiss]")) {
    event.preventDefault();
    event.target.closest(".notice").remove();
  }
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

// --- live events

let source;
let lostAt = null;
let retry;

function lost() {
  if (lostAt === null) lostAt = new Date();
  const bar = document.getElementById("lost");
  bar.hidden = false;
  bar.querySelector("time").textContent = lostAt.toLocaleTimeString(document.documentElement.lang);
  if (source.readyState === EventSource.CLOSED) {
    clearTimeout(retry);
    retry = setTimeout(connect, 3000);
  }
}

function found() {
  lostAt = null;
  document.getElementById("lost").hidden = true;
}

export function connect() {
  source?.close();
  source = new EventSource(document.body.dataset.live, { withCredentials: true });
  source.addEventListener("error", lost);
  source.addEventListener("trouble", lost);
  source.addEventListener("region", (event) => {
    found();
    const { region, html, at } = JSON.parse(event.data);
    setServerTime(at);
    drawRegion(region, html, at);
  });
  for (const name of ["segment", "partial", "notice"]) {
    source.addEventListener(name, (event) => {
      document.dispatchEvent(new CustomEvent(`desk:${name}`, { detail: JSON.parse(event.data) }));
    });
  }
}

// --- the wallboard on a television

const fullScreen = document.getElementById("full-screen");
if (fullScreen && document.fullscreenEnabled) {
  fullScreen.hidden = false;
  fullScreen.addEventListener("click", () => document.getElementById("board").requestFullscreen());
}

startClocks();
if (document.body.dataset.live) connect();
window.addEventListener("pagehide", () => source?.close());
window.addEventListener("pageshow", (event) => event.persisted && connect());
