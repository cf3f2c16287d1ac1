/* Sound on its own thread: microphone -> 8 kHz mu-law frames of 160 bytes, and frames -> loudspeaker.
 *
 * Both directions go through a windowed-sinc low-pass that keeps its state between blocks, so that nothing above
 * 4 kHz folds back into the voice and no click marks the edge of a block.
 */
"use strict";

const RATE_HZ = 8000;
const FRAME = 160;
const CROSSINGS = 16; // zero crossings of the sinc on each side: a steep but short filter (2 ms at 8 kHz)
const TABLE_STEPS = 256; // table entries per crossing; between them linear interpolation

class Resampler {
  constructor(fromHz, toHz) {
    this.step = fromHz / toHz; // input samples per output sample
    this.cutoff = 0.94 * Math.min(1, toHz / fromHz); // of the input's Nyquist frequency
    this.reach = CROSSINGS / this.cutoff;
    this.table = new Float32Array(CROSSINGS * TABLE_STEPS + 2);
    for (let at = 0; at <= CROSSINGS * TABLE_STEPS; at++) {
      const x = at / TABLE_STEPS;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      const window = 0.42 + 0.5 * Math.cos((Math.PI * x) / CROSSINGS) + 0.08 * Math.cos((2 * Math.PI * x) / CROSSINGS);
      this.table[at] = sinc * window * this.cutoff;
    }
    this.samples = new Float32Array(Math.ceil(this.reach) + 1); // silence before the first sample
    this.at = this.samples.length; // where the next output sample lies, in input samples
  }

  /** Take a block, give what can be worked out of it; the rest follows with the next block. */
  process(block, give) {
    const joined = new Float32Array(this.samples.length + block.length);
    joined.set(this.samples);
    joined.set(block, this.samples.length);
    while (this.at + this.reach < joined.length - 1) {
      const first = Math.ceil(this.at - this.reach);
      const last = Math.floor(this.at + this.reach);
      let sum = 0;
      for (let index = Math.max(0, first); index <= last; index++) {
        const place = Math.abs(index - this.at) * this.cutoff * TABLE_STEPS;
        const low = place | 0;
        sum += joined[index] * (this.table[low] + (place - low) * (this.table[low + 1] - this.table[low]));
      }
      give(sum);
      this.at += this.step;
    }
    const keepFrom = Math.max(0, Math.floor(this.at - this.reach) - 1);
    this.samples = joined.slice(keepFrom);
    this.at -= keepFrom;
  }
}

function encode(value) {
  let sample = Math.round(Math.max(-1, Math.min(1, value)) * 32767);
  const sign = sample < 0 ? 0x80 : 0;
  if (sample < 0) sample = -sample;
  sample = Math.min(sample, 32635) + 132;
  const exponent = 31 - Math.clz32(sample) - 7;
  return ~(sign | (exponent << 4) | ((sample >> (exponent + 3)) & 15)) & 0xff;
}

const DECODED = new Float32Array(256);
for (let byte = 0; byte < 256; byte++) {
  const code = ~byte & 0xff;
  const magnitude = ((((code & 15) << 3) + 132) << ((code >> 4) & 7)) - 132;
  DECODED[byte] = (code & 0x80 ? -magnitude : magnitude) / 32768;
}

class Microphone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(sampleRate, RATE_HZ);
    this.frame = new Uint8Array(FRAME);
    this.filled = 0;
    this.energy = 0;
  }

  process(inputs) {
    const channel = inputs[0] && inputs[0][0];
    if (channel) this.resampler.process(channel, (sample) => this.take(sample));
    return true;
  }

  take(sample) {
    this.frame[this.filled++] = encode(sample);
    this.energy += sample * sample;
    if (this.filled === FRAME) {
      const frame = this.frame.buffer;
      this.port.postMessage({ frame, level: Math.sqrt(this.energy / FRAME) }, [frame]);
      this.frame = new Uint8Array(FRAME);
      this.filled = 0;
      this.energy = 0;
    }
  }
}

const HEAD_START = 3; // frames (60 ms) gathered before playing: the network's jitter
const TOO_LATE = 20; // frames (400 ms): beyond this the oldest are thrown away
const COMFORTABLE = 5;

class Loudspeaker extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(RATE_HZ, sampleRate);
    this.waiting = [];
    this.playing = false;
    this.ready = []; // blocks of samples at the context's own rate
    this.offset = 0;
    this.block = new Float32Array(FRAME);
    this.port.onmessage = (event) => this.take(new Uint8Array(event.data));
  }

  take(frame) {
    this.waiting.push(frame);
    if (this.waiting.length > TOO_LATE) this.waiting.splice(0, this.waiting.length - COMFORTABLE);
  }

  refill() {
    if (!this.playing && this.waiting.length < HEAD_START) return false;
    const frame = this.waiting.shift();
    this.playing = frame !== undefined;
    if (!this.playing) return false;
    let energy = 0;
    for (let index = 0; index < FRAME; index++) {
      this.block[index] = DECODED[frame[index]];
      energy += this.block[index] * this.block[index];
    }
    const samples = [];
    this.resampler.process(this.block, (sample) => samples.push(sample));
    this.ready.push(samples);
    this.port.postMessage({ level: Math.sqrt(energy / FRAME) });
    return true;
  }

  process(_inputs, outputs) {
    const out = outputs[0][0];
    for (let index = 0; index < out.length; index++) {
      while (this.ready.length && this.offset >= this.ready[0].length) {
        this.ready.shift();
        this.offset = 0;
      }
      if (!this.ready.length && !this.refill()) break; // the rest of the block is zero already
      if (this.ready.length && this.offset < this.ready[0].length) out[index] = this.ready[0][this.offset++];
    }
    for (let channel = 1; channel < outputs[0].length; channel++) outputs[0][channel].set(out);
    return true;
  }
}

registerProcessor("microphone", Microphone);
registerProcessor("loudspeaker", Loudspeaker);
