/* Reads aloud what the caller is told, in its own language, with the browser's voices. */

const available = "speechSynthesis" in window;
const USUAL_CHARACTERS_PER_S = 15;
const FASTEST = 1.5;

/** A voice for a language such as "nl-BE": the same region if there is one, else the same language, else null. */
function voiceFor(language) {
  const wanted = language.toLowerCase().replace("_", "-");
  const voices = available ? speechSynthesis.getVoices() : [];
  const tag = (voice) => voice.lang.toLowerCase().replace("_", "-");
  return voices.find((voice) => tag(voice) === wanted) || voices.find((voice) => tag(voice).split("-")[0] === wanted.split("-")[0]) || null;
}

export class Reader {
  constructor() {
    this.on = available;
    if (available) speechSynthesis.getVoices(); // browsers load them when first asked
  }

  /** False when there is no voice for it. `durationS` is how long the line gives it. */
  say(text, language, durationS) {
    if (!this.on) return true;
    const voice = voiceFor(language);
    if (!voice) return false;
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.rate = Math.min(FASTEST, Math.max(1, durationS ? text.length / USUAL_CHARACTERS_PER_S / durationS : 1));
    speechSynthesis.speak(utterance);
    return true;
  }

  hush() {
    if (available) speechSynthesis.cancel();
  }
}

/** The two tones of a key, as a telephone sounds it; and the ring of an incoming call. */
export class Tones {
  #context = null;
  #ring = null;

  key(key) {
    const at = "123456789*0#".indexOf(key);
    this.#sound([[697, 770, 852, 941][Math.floor(at / 3)], [1209, 1336, 1477][at % 3]], 0, 0.09, 0.04);
  }

  startRinging() {
    this.stopRinging();
    const ring = () => this.#sound([425, 450], 0, 1, 0.05);
    ring();
    this.#ring = setInterval(ring, 4000);
  }

  stopRinging() {
    clearInterval(this.#ring);
    this.#ring = null;
  }

  #sound(frequencies, delayS, durationS, volume) {
    this.#context ??= new AudioContext();
    const gain = this.#context.createGain();
    const start = this.#context.currentTime + delayS;
    gain.gain.setValueAtTime(volume, start);
    gain.gain.setTargetAtTime(0, start + durationS, 0.01);
    gain.connect(this.#context.destination);
    for (const hz of frequencies) {
      const tone = new OscillatorNode(this.#context, { frequency: hz });
      tone.connect(gain);
      tone.start(start);
      tone.stop(start + durationS + 0.1);
    }
  }
}
