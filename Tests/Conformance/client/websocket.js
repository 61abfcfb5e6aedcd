// As much of a browser's WebSocket as the client needs, for versions of Node that have none.

const crypto = require("node:crypto");
const http = require("node:http");

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

class WebSocket {
  binaryType = "arraybuffer";
  readyState = 0;
  #stream;
  #unread = Buffer.alloc(0);
  #code = 1006;

  constructor(url) {
    const key = crypto.randomBytes(16).toString("base64");
    const request = http.request(url.replace("ws", "http"), {
      headers: {
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": 13,
        "Sec-WebSocket-Key": key,
      },
    });
    request.on("upgrade", (_, stream, head) => this.#open(stream, head));
    request.on("response", (response) => response.destroy());
    request.on("error", () => {});
    request.on("close", () => this.#stream ?? this.#end());
    request.end();
  }

  send(data) {
    if (typeof data === "string") this.#write(TEXT, Buffer.from(data));
    else if (ArrayBuffer.isView(data)) this.#write(BINARY, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    else this.#write(BINARY, Buffer.from(data));
  }

  close() {
    if (this.readyState > 1) return;
    this.readyState = 2;
    this.#write(CLOSE, Buffer.from([0x03, 0xe8]));
  }

  #open(stream, head) {
    this.#stream = stream;
    this.readyState = 1;
    stream.on("data", (data) => this.#read(data));
    stream.on("error", () => {});
    stream.on("close", () => this.#end());
    this.onopen?.({});
    if (head.length > 0) this.#read(head);
  }

  #end() {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onerror?.({});
    this.onclose?.({ code: this.#code, reason: "" });
  }

  #read(data) {
    this.#unread = Buffer.concat([this.#unread, data]);
    for (let frame = this.#frame(); frame; frame = this.#frame()) {
      const [opcode, payload] = frame;
      if (opcode === TEXT) this.onmessage?.({ data: payload.toString() });
      if (opcode === BINARY) this.onmessage?.({ data: new Uint8Array(payload).buffer });
      if (opcode === PING) this.#write(PONG, payload);
      if (opcode === CLOSE) {
        this.#code = payload.length > 1 ? payload.readUInt16BE(0) : 1005;
        if (this.readyState < 2) this.#write(CLOSE, payload);
        this.#stream.end();
      }
    }
  }

  // The next whole frame, as its opcode and its payload.
  #frame() {
    const bytes = this.#unread;
    if (bytes.length < 2) return undefined;
    const short = bytes[1];
    const start = { 126: 4, 127: 10 }[short] ?? 2;
    if (bytes.length < start) return undefined;
    const length = { 4: () => bytes.readUInt16BE(2), 10: () => Number(bytes.readBigUInt64BE(2)) }[start]?.() ?? short;
    if (bytes.length < start + length) return undefined;
    this.#unread = bytes.subarray(start + length);
    return [bytes[0] & 15, bytes.subarray(start, start + length)];
  }

  #write(opcode, payload) {
    const mask = crypto.randomBytes(4);
    const length = payload.length;
    const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
    head[0] = 0x80 | opcode;
    head[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127);
    if (head.length === 4) head.writeUInt16BE(length, 2);
    if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
    const masked = payload.map((byte, index) => byte ^ mask[index & 3]);
    if (this.#stream?.writable) this.#stream.write(Buffer.concat([head, mask, masked]));
  }
}

module.exports = { WebSocket };
