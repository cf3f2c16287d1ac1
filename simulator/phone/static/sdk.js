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
 */
"use strict";

(() => {
  const script = new URL(document.currentScript.src);
  const socketUrl = `${script.protocol === "https:" ? "wss" : "ws"}://${script.hostname}:{{ audio_port }}/`;
  const workletUrl = new URL("audio-worklet.js", script).href;
  const RECONNECT_MS = [500, 1000, 2000, 5000, 10000];
  const DEFAULT_TOKEN_REFRESH_MS = 10000;
  const CLOGGED_BYTES = 64000; // 8 s of sound not sent yet: more would only come later still

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

  const CallState = { Closed: "closed", Connecting: "connecting", Open: "open", Pending: "pending", Reconnecting: "reconnecting", Ringing: "ringing" };

  class Call extends Emitter {
    #device;
    #status;
    #muted = false;

    constructor(device, direction, parameters, customParameters) {
      super();
      this.#device = device;
      this.#status = direction === "INCOMING" ? CallState.Pending : CallState.Connecting;
      this.direction = direction;
      this.parameters = parameters;
      this.customParameters = new Map(Object.entries(customParameters || {}));
      this.sound = new CallSound(
        device._constraints(),
        (frame) => !this.#muted && device._sendFrame(frame),
        (input, output) => this.emit("volume", this.#muted ? 0 : input, output),
      );
    }

    static State = CallState;

    status() {
      return this.#status;
    }

    accept() {
      if (this.#status !== CallState.Pending) return;
      this.#status = CallState.Connecting;
      this._prepare();
      this.#device._send({ type: "answer" });
    }

    reject() {
      if (this.#status !== CallState.Pending) return;
      this.#device._send({ type: "reject" });
      this._end("reject");
    }

    ignore() {
      if (this.#status === CallState.Pending) this._end("cancel");
    }

    disconnect() {
      if (this.#status === CallState.Closed) return;
      this.#device._send({ type: "hangup" });
      this._end("disconnect");
    }

    mute(muted = true) {
      if (this.#muted === Boolean(muted)) return;
      this.#muted = Boolean(muted);
      this.#device._send({ type: "mute", muted: this.#muted });
      this.emit("mute", this.#muted, this);
    }

    isMuted() {
      return this.#muted;
    }

    sendDigits(digits) {
      if (!/^[0-9*#w]+$/.test(digits)) throw fault(31400, "A digit is 0 to 9, * or #.", "InvalidArgumentError");
      this.#device._send({ type: "press", digits: digits.replaceAll("w", "") });
    }

    _prepare() {
      this.sound.open().catch((error) => this.#warn("sound-unavailable", error));
      this.#askEarly();
    }

    /** Permission is asked when the call begins, so that the first words are not lost to a question. */
    async #askEarly() {
      if ((await microphonePermission()) !== "prompt") return;
      try {
        const stream = await askForMicrophone(this.#device._constraints());
        for (const track of stream.getTracks()) track.stop();
      } catch (error) {
        this.#refused(error);
      }
    }

    async _openMicrophone() {
      try {
        await this.sound.openMicrophone();
        if (this.#status === CallState.Closed) this.sound.close();
        else this.emit("microphone", true);
      } catch (error) {
        this.#refused(error);
      }
    }

    #refused(error) {
      this.#warn(error.name === "NotFoundError" ? "microphone-missing" : "microphone-refused", error);
    }

    #warn(name, error) {
      if (this.#status === CallState.Closed) return;
      this.emit("warning", name, { message: error.message });
      this.#device.emit("warning", name, { message: error.message });
    }

    _notice(kind, data) {
      if (this.#status === CallState.Closed) return;
      if (kind !== "ended" && kind !== "ringing" && this.#status !== CallState.Open) {
        this.#status = CallState.Open;
        this.emit("accept", this);
      }
      this.emit("notice", kind, data);
      if (kind === "ended") this._end(this.#status === CallState.Pending ? "cancel" : "disconnect");
    }

    _fail(error) {
      if (this.#status === CallState.Closed) return;
      this.emit("error", error);
      this._end("disconnect");
    }

    _end(event) {
      if (this.#status === CallState.Closed) return;
      this.#status = CallState.Closed;
      this.sound.close();
      this.#device._ended(this);
      this.emit(event, this);
    }
  }

  const DeviceState = { Destroyed: "destroyed", Registering: "registering", Registered: "registered", Unregistered: "unregistered" };

  class Device extends Emitter {
    #token;
    #options;
    #socket = null;
    #opening = null;
    #call = null;
    #placing = null; // {resolve, reject} of connect
    #registering = null; // {resolve, reject} of register
    #wantsRegistration = false;
    #attempts = 0;
    #timers = new Set();
    #expiry = null;

    constructor(token, options = {}) {
      super();
      this.#options = { ...options };
      this.state = DeviceState.Unregistered;
      this.identity = options.identity || null;
      this.echoCancellation = Boolean(options.echoCancellation);
      this.audio = null;
      if (token) this.updateToken(token);
    }

    static State = DeviceState;
    static EventName = { Destroyed: "destroyed", Error: "error", Incoming: "incoming", Registered: "registered", Registering: "registering", TokenWillExpire: "tokenWillExpire", Unregistered: "unregistered" };
    static isSupported = typeof AudioWorkletNode === "function";
    static packageName = "onthaal-simulator-voice-sdk";
    static version = "2.18.5";

    get token() {
      return this.#token;
    }

    get isBusy() {
      return this.#call !== null;
    }

    get calls() {
      return this.#call ? [this.#call] : [];
    }

    updateToken(token) {
      this.#token = token;
      clearTimeout(this.#expiry);
      try {
        const body = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
        const claims = JSON.parse(atob(body));
        this.identity = claims.grants.identity;
        const refreshMs = this.#options.tokenRefreshMs ?? DEFAULT_TOKEN_REFRESH_MS;
        const inMs = Math.max(0, claims.exp * 1000 - Date.now() - refreshMs);
        if (inMs < 2 ** 31) this.#expiry = setTimeout(() => this.emit("tokenWillExpire", this), inMs);
      } catch {
        throw fault(20101, "The access token cannot be read.", "AccessTokenInvalid");
      }
    }

    updateOptions(options = {}) {
      this.#options = { ...this.#options, ...options };
    }

    async register() {
      this.#wantsRegistration = true;
      this.state = DeviceState.Registering;
      this.emit("registering");
      try {
        await this.#open();
      } catch (error) {
        this.state = DeviceState.Unregistered;
        this.emit("error", error);
        this.#retry();
        throw error;
      }
      return new Promise((resolve, reject) => {
        this.#registering = { resolve, reject };
        this._send(this.#token ? { type: "register", token: this.#token } : { type: "register", identity: this.identity });
      });
    }

    async unregister() {
      this.#wantsRegistration = false;
      if (this.#socket) this._send({ type: "unregister" });
      this.state = DeviceState.Unregistered;
    }

    /** `{params}` as with Twilio, or `{dial: {from, to}}`. */
    async connect({ params = {}, dial = null } = {}) {
      if (this.#call) throw fault(31003, "This device is already in a call.", "InvalidStateError");
      const call = new Call(this, "OUTGOING", { CallSid: undefined }, params);
      this.#call = call;
      call._prepare();
      try {
        await this.#open();
      } catch (error) {
        call._fail(error);
        throw error;
      }
      return new Promise((resolve, reject) => {
        this.#placing = { resolve: () => resolve(call), reject };
        this._send(dial ? { type: "dial", ...dial } : { type: "connect", token: this.#token, params });
      });
    }

    disconnectAll() {
      if (this.#call) this.#call.disconnect();
    }

    destroy() {
      this.disconnectAll();
      this.#wantsRegistration = false;
      clearTimeout(this.#expiry);
      for (const timer of this.#timers) clearTimeout(timer);
      if (this.#socket) this.#socket.close();
      this.state = DeviceState.Destroyed;
      this.emit("destroyed");
    }

    _constraints() {
      return { channelCount: 1, echoCancellation: this.echoCancellation, noiseSuppression: false, autoGainControl: false };
    }

    _send(message) {
      if (this.#socket && this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
    }

    _sendFrame(frame) {
      const socket = this.#socket;
      if (socket && socket.readyState === WebSocket.OPEN && socket.bufferedAmount < CLOGGED_BYTES) socket.send(frame);
    }

    _ended(call) {
      if (this.#call === call) this.#call = null;
    }

    #open() {
      this.#opening ??= new Promise((resolve, reject) => {
        const socket = new WebSocket(socketUrl);
        socket.binaryType = "arraybuffer";
        socket.onopen = () => {
          this.#socket = socket;
          this.#attempts = 0;
          resolve();
        };
        socket.onmessage = (event) => (typeof event.data === "string" ? this.#take(JSON.parse(event.data)) : this.#call && this.#call.sound.play(event.data));
        socket.onclose = () => this.#closed(reject);
      });
      return this.#opening;
    }

    #closed(reject) {
      const error = fault(31005, "The telephone exchange cannot be reached.", "ConnectionError");
      const wasOpen = this.#socket !== null;
      this.#socket = this.#opening = null;
      reject(error);
      if (!wasOpen || this.state === DeviceState.Destroyed) return;
      this.#placing?.reject(error);
      this.#placing = null;
      if (this.#call) this.#call._fail(error);
      if (this.state !== DeviceState.Unregistered) {
        this.state = DeviceState.Unregistered;
        this.emit("unregistered", this);
      }
      this.emit("error", error);
      this.#retry();
    }

    /** A registered device comes back by itself, as Twilio's does. */
    #retry() {
      if (!this.#wantsRegistration || this.#timers.size) return;
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        if (this.#wantsRegistration) this.register().catch(() => {});
      }, RECONNECT_MS[Math.min(this.#attempts++, RECONNECT_MS.length - 1)]);
      this.#timers.add(timer);
    }

    #take(message) {
      switch (message.type) {
        case "registered":
          this.state = DeviceState.Registered;
          this.identity = message.identity;
          this.#registering?.resolve();
          this.#registering = null;
          return void this.emit("registered", this);
        case "unregistered":
          return void this.emit("unregistered", this);
        case "calling":
          if (this.#call) this.#call.parameters.CallSid = message.call;
          this.#placing?.resolve();
          this.#placing = null;
          return undefined;
        case "microphone":
          return void this.#call?._openMicrophone();
        case "error":
          return this.#refuse(message);
        case "notice":
          return this.#notice(message);
        default:
          return undefined; // a newer exchange may say more
      }
    }

    #refuse(message) {
      const error = fault(/^\d+$/.test(message.code) ? Number(message.code) : message.code, message.message);
      if (message.during === "register") {
        this.#wantsRegistration = false;
        this.state = DeviceState.Unregistered;
        this.#registering?.reject(error);
        this.#registering = null;
      }
      if (message.during === "connect" || message.during === "dial") {
        const placing = this.#placing;
        this.#placing = null;
        if (this.#call) this.#call._fail(error);
        placing?.reject(error);
      }
      this.emit("error", error, this.#call || undefined);
    }

    #notice({ call: sid, kind, data }) {
      if (kind === "ringing" && !this.#call) {
        const parameters = { CallSid: sid, From: data.from, To: data.to };
        this.#call = new Call(this, "INCOMING", parameters, data.parameters);
        this.emit("incoming", this.#call);
        return;
      }
      const call = this.#call;
      if (!call || (call.parameters.CallSid && call.parameters.CallSid !== sid)) return;
      call._notice(kind, data);
    }
  }

  window.Twilio = { ...(window.Twilio || {}), Device, Call };
})();
