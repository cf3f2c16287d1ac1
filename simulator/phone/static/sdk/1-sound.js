/* A drop-in for Twilio's Voice SDK (@twilio/voice-sdk 2.x) that talks to the simulator instead: global `Twilio.Device`.
 *
 * Loaded from any page; every address comes from this script's own. The signalling is described in devices.py.
 * Beyond Twilio's surface: the option `identity` registers without a token, `device.connect({dial: {from, to}})` calls
 * as from any telephone, a call emits `notice` (kind, data), and a refused microphone is a `warning`, not an error:
 * the call goes on, listening only.
 *
 * Echo cancellation, noise suppression and gain control are off: they bend what the recogniser hears, swallow first
 * syllables, and recordings given as microphone would not arrive as they are. With loudspeakers instead of a headset
 * turn on `echoCancellation` (an option, and `device.echoCancellation`).
 *
 * The files of this folder are served as one script, /sdk.js, in one closure.
 */
const script = new URL(document.currentScript.src);
const workletUrl = new URL("audio-worklet.js", script).href;

class Emitter {
  #listeners = new Map();

  on(event, listener) {
    this.#listeners.set(event, [...(this.#listeners.get(event) || []), listener]);
    return this;
  }

  once(event, listener) {
    const wrapped = (...data) => {
      this.off(event, wrapped);
      listener(...data);
    };
    wrapped.original = listener;
    return this.on(event, wrapped);
  }

  off(event, listener) {
    const left = (this.#listeners.get(event) || []).filter((each) => each !== listener && each.original !== listener);
    this.#listeners.set(event, left);
    return this;
  }

  removeAllListeners(event) {
    if (event === undefined) this.#listeners.clear();
    else this.#listeners.delete(event);
    return this;
  }

  emit(event, ...data) {
    const listeners = this.#listeners.get(event) || [];
    for (const listener of listeners) listener(...data);
    return listeners.length > 0;
  }
}
Emitter.prototype.addListener = Emitter.prototype.on;
Emitter.prototype.addEventListener = Emitter.prototype.on;
Emitter.prototype.removeListener = Emitter.prototype.off;

function fault(code, message, name) {
  const error = new Error(message);
  error.code = code;
  error.name = name || "TwilioError";
  return error;
}

/** The loudspeaker and the microphone of one call. */
class CallSound {
  #context = null;
  #ready = null;
  #speaker = null;
  #stream = null;

  constructor(constraints, onFrame, onLevel) {
    this.constraints = constraints;
    this.onFrame = onFrame;
    this.onLevel = onLevel;
    this.levels = { input: 0, output: 0 };
  }

  /** Must begin in a click: browsers let no page make a sound unasked. */
  open() {
    this.#ready ??= (async () => {
      this.#context = new AudioContext({ latencyHint: "interactive" });
      await this.#context.audioWorklet.addModule(workletUrl);
      this.#speaker = new AudioWorkletNode(this.#context, "loudspeaker", { numberOfInputs: 0, outputChannelCount: [1] });
      this.#speaker.port.onmessage = (event) => this.#level("output", event.data.level);
      this.#speaker.connect(this.#context.destination);
      if (this.#context.state === "suspended") this.#context.resume().catch(() => {});
    })();
    return this.#ready;
  }

  play(frame) {
    if (this.#speaker) this.#speaker.port.postMessage(frame, [frame]);
  }

  async openMicrophone() {
    await this.open();
    if (this.#stream || !this.#context) return;
    this.#stream = await askForMicrophone(this.constraints);
    if (!this.#context) return this.close(); // the call ended while the person was being asked
    const microphone = new AudioWorkletNode(this.#context, "microphone", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    microphone.port.onmessage = (event) => {
      this.onFrame(event.data.frame);
      this.#level("input", event.data.level);
    };
    this.#context.createMediaStreamSource(this.#stream).connect(microphone);
  }

  close() {
    for (const track of this.#stream ? this.#stream.getTracks() : []) track.stop();
    if (this.#context) this.#context.close().catch(() => {});
    this.#context = this.#speaker = this.#stream = null;
  }

  #level(side, level) {
    this.levels[side] = level;
    this.onLevel(this.levels.input, this.levels.output);
  }
}

async function askForMicrophone(constraints) {
  if (!navigator.mediaDevices) throw fault(31401, "This page may not use a microphone: open it over https or on localhost.", "NotAllowedError");
  return navigator.mediaDevices.getUserMedia({ audio: constraints });
}

async function microphonePermission() {
  try {
    return (await navigator.permissions.query({ name: "microphone" })).state;
  } catch {
    return "unknown"; // a browser that does not tell: ask when the time comes
  }
}
