// The live transcript: sentences are added, the words being said are replaced in place.

const panel = () => document.getElementById("transcript-panel");

function keepingEnd(change) {
  const scroller = panel()?.querySelector(".transcript-scroll");
  if (!scroller) return;
  const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
  change(scroller);
  if (atEnd) scroller.scrollTop = scroller.scrollHeight;
}

function showPartial({ speaker, text }) {
  keepingEnd((scroller) => {
    const list = scroller.querySelector("#saying");
    let line = list.querySelector(`[data-speaker="${speaker}"]`);
    if (!text) {
      line?.remove();
      return;
    }
    if (!line) {
      line = document.createElement("li");
      line.className = `${speaker} partial`;
      line.dataset.speaker = speaker;
      const who = document.createElement("p");
      who.className = "small muted";
      who.textContent = `${list.dataset[speaker] ?? speaker} (${list.dataset.speaking})`;
      const said = document.createElement("p");
      said.className = "said";
      line.append(who, said);
      list.append(line);
    }
    line.querySelector(".said").textContent = text;
  });
}

// A sentence comes again when the number that stood open in it ("…") is clear: in its own place, whatever was said since.
const beginsAt = (line) => Number(line.id.split("-").pop());

function addSegment({ html, speaker, lag_ms: lagMs }) {
  keepingEnd((scroller) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const line = holder.content.firstElementChild;
    if (!line) return;
    scroller.querySelector("#nothing-said")?.remove();
    const list = scroller.querySelector("#said");
    const before = document.getElementById(line.id);
    if (before) {
      before.replaceWith(line);
      return;
    }
    list.insertBefore(line, [...list.children].find((other) => beginsAt(other) > beginsAt(line)) ?? null);
    list.parentElement.querySelector(`#saying [data-speaker="${speaker}"]`)?.remove();
  });
  const lag = document.getElementById("lag");
  if (lag && lagMs !== null && lagMs !== undefined) {
    const seconds = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    lag.textContent = `${lag.dataset.label} ${seconds.format(lagMs / 1000)} s`;
  }
}

let call = null;
document.addEventListener("desk:drawn", () => {
  const now = panel()?.dataset.call ?? null;
  if (now === call) return;
  call = now; // another conversation: what was being said in the last one is gone
  document.getElementById("saying")?.replaceChildren();
  const lag = document.getElementById("lag");
  if (lag) lag.textContent = "";
});
document.addEventListener("desk:partial", (event) => showPartial(event.detail));
document.addEventListener("desk:segment", (event) => addSegment(event.detail));
