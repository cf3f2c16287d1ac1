// Running clocks. The server says since when or until when; the browser only counts, corrected by the server's time.

let offsetMs = 0;

export function setServerTime(iso) {
  const server = Date.parse(iso);
  if (!Number.isNaN(server)) offsetMs = server - Date.now();
}

const nowMs = () => Date.now() + offsetMs;
const two = (n) => String(n).padStart(2, "0");

export function clockText(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${two(minutes)}:${two(whole % 60)}`;
}

function drawClock(element) {
  const { since, until, base } = element.dataset;
  let seconds;
  if (since) seconds = Number(base || 0) + (nowMs() - Date.parse(since)) / 1000;
  else if (until) seconds = (Date.parse(until) - nowMs()) / 1000;
  else return;
  const text = clockText(seconds);
  if (element.textContent !== text) element.textContent = text;
}

function drawBar(rect) {
  const { since, within, until, total } = rect.dataset;
  let width;
  if (since) width = Math.min(125, ((nowMs() - Date.parse(since)) / 10) / Number(within));
  else width = Math.max(0, ((Date.parse(until) - nowMs()) / 10) / Number(total));
  rect.setAttribute("width", width.toFixed(2));
}

export function drawClocks() {
  document.querySelectorAll("time.clock").forEach(drawClock);
  document.querySelectorAll("rect[data-since], rect[data-until]").forEach(drawBar);
}

export function startClocks() {
  setServerTime(document.body.dataset.now);
  drawClocks();
  setInterval(drawClocks, 500);
}
