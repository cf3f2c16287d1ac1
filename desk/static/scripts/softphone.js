// The operator's telephone in the browser: the Voice SDK behind one small interface.
// The SDK gives a global `Twilio.Device`; its own time-outs are long, so connecting has one of ours.

const CONNECT_WITHIN_MS = 15_000;
const RENEW_BEFORE_S = 120;

const line = () => document.getElementById("phone");

function show(state, bad = false) {
  const element = line();
  if (!element) return;
  element.textContent = element.dataset[state] ?? "";
  element.classList.toggle("bad", bad);
  element.dataset.state = state;
}

async function fetchToken() {
  const response = await fetch(document.body.dataset.tokenUrl, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`token ${response.status}`);
  return response.json();
}

// Everything that says no to a microphone: the browser's own names, and the SDK's codes for them.
const micRefused = (error) =>
  ["NotAllowedError", "NotFoundError", "NotReadableError"].includes(error?.name) || [31401, 31402, 31208].includes(error?.code);

export class Softphone {
  #device = null;
  #call = null;
  #renewal = null;

  get inCall() {
    return this.#call !== null;
  }

  get muted() {
    return this.#call?.isMuted?.() ?? false;
  }

  async start() {
    if (!globalThis.Twilio?.Device) {
      show("none", true);
      return;
    }
    show("starting");
    try {
      const { token, ttl_s: ttl } = await fetchToken();
      this.#device = new globalThis.Twilio.Device(token, { closeProtection: true, logLevel: "error", codecPreferences: ["opus", "pcmu"] });
      this.#device.on("registered", () => this.#call || show("ready"));
      this.#device.on("unregistered", () => this.#call || show("lost", true));
      this.#device.on("tokenWillExpire", () => this.#renew());
      this.#device.on("error", (error) => this.#failed(error));
      await this.#device.register();
      this.#renewLater(ttl);
    } catch (error) {
      this.#failed(error);
      setTimeout(() => this.#device || this.start(), 10_000);
    }
  }

  // Idle, the SDK learns only afterwards that its token has run out; so it is renewed by the clock.
  #renewLater(ttl) {
    clearTimeout(this.#renewal);
    this.#renewal = setTimeout(() => this.#renew(), Math.max(30, ttl - RENEW_BEFORE_S) * 1000);
  }

  async #renew() {
    try {
      const { token, ttl_s: ttl } = await fetchToken();
      this.#device.updateToken(token);
      this.#renewLater(ttl);
    } catch {
      this.#renewLater(RENEW_BEFORE_S + 30);
    }
  }

  // Take the offered call. Resolves when this browser's leg is up; the caller is moved in by the server afterwards.
  async connect(offer) {
    if (this.#call || !this.#device) return;
    show("calling");
    let late;
    try {
      const call = await Promise.race([
        this.#device.connect({ params: { offer } }),
        new Promise((_, reject) => {
          late = setTimeout(() => reject(new Error("timeout")), CONNECT_WITHIN_MS);
        }),
      ]);
      this.#call = call;
      this.#changed();
      const waiting = setTimeout(() => {
        show("timeout", true);
        call.disconnect();
      }, CONNECT_WITHIN_MS);
      call.on("accept", () => {
        clearTimeout(waiting);
        show("open");
        this.#changed();
      });
      for (const event of ["disconnect", "cancel", "reject"]) {
        call.on(event, () => {
          clearTimeout(waiting);
          this.#over(call);
        });
      }
      call.on("error", (error) => this.#failed(error));
      call.on("mute", () => this.#changed());
    } catch (error) {
      if (error.message === "timeout") show("timeout", true);
      else this.#failed(error);
    } finally {
      clearTimeout(late);
    }
  }

  toggleMute() {
    this.#call?.mute(!this.muted);
    this.#changed();
  }

  #over(call) {
    if (this.#call !== call) return;
    this.#call = null;
    show("ready");
    this.#changed();
  }

  #failed(error) {
    show(micRefused(error) ? "refused" : "failed", true);
    this.#changed();
  }

  #changed() {
    document.dispatchEvent(new CustomEvent("desk:phone"));
  }
}
