/* The device: one socket, one call at a time, with the surface of Twilio's `Device`. */

const socketUrl = `${script.protocol === "https:" ? "wss" : "ws"}://${script.hostname}:{{ audio_port }}/`;
const RECONNECT_MS = [500, 1000, 2000, 5000, 10000];
const DEFAULT_TOKEN_REFRESH_MS = 10000;
const CLOGGED_BYTES = 64000; // 8 s of sound not sent yet: more would only come later still

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
