// Getting an operator's attention for an offer: title, icon, a short ring, a notification if it is allowed.

const icon = document.getElementById("favicon");
const quietIcon = icon.href;
const QUIET = "onthaal-quiet";

let shown = null;
let ringing = null;
let audio = null;

const wanted = () => {
  try {
    return localStorage.getItem(QUIET) === null;
  } catch {
    return true;
  }
};

function ringOnce() {
  if (!audio || audio.state !== "running") return;
  const start = audio.currentTime;
  for (const [at, hertz] of [[0, 660], [0.18, 880]]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.0001, start + at);
    volume.gain.exponentialRampToValueAtTime(0.12, start + at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + at + 0.16);
    tone.connect(volume).connect(audio.destination);
    tone.start(start + at);
    tone.stop(start + at + 0.17);
  }
}

function look() {
  const offer = document.querySelector("[data-offer]");
  const id = offer?.dataset.offer ?? null;
  document.title = id ? document.body.dataset.titleOffer : document.body.dataset.title;
  icon.href = id ? quietIcon.replace("favicon.svg", "favicon-offer.svg") : quietIcon;
  if (id === shown) return;
  shown = id;
  clearInterval(ringing);
  if (!id) return;
  if (wanted()) {
    ringOnce();
    ringing = setInterval(ringOnce, 3000);
  }
  if (document.hidden && globalThis.Notification?.permission === "granted") {
    new Notification(document.body.dataset.titleOffer, { body: offer.querySelector(".now-name")?.textContent ?? "", tag: "offer" });
  }
}

document.addEventListener("desk:drawn", look);

// Browsers allow sound, and a question about notifications, only after a person touched the page.
document.addEventListener(
  "pointerdown",
  () => {
    audio ??= new AudioContext();
    audio.resume();
    if (globalThis.Notification?.permission === "default") Notification.requestPermission();
  },
  { once: true },
);

const button = document.getElementById("ring-sound");
function drawButton() {
  button.setAttribute("aria-pressed", String(wanted()));
}
button.addEventListener("click", () => {
  if (wanted()) localStorage.setItem(QUIET, "1");
  else localStorage.removeItem(QUIET);
  drawButton();
});
drawButton();
look();
