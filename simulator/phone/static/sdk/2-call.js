/* One call, with the surface of Twilio's `Call`. */

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
