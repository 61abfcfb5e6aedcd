// Runs a scenario in Node: node node.js CLIENT URL TRANSPORTS SCENARIO
// Each report is a line of JSON on standard output.

const http = require("node:http");
const { WebSocket } = require("./websocket.js");

// As much of a browser's XMLHttpRequest as the client's polling needs.
class XMLHttpRequest {
  withCredentials = false;
  readyState = 0;
  status = 0;
  responseText = "";
  #headers = {};

  open(method, url) {
    this.method = method;
    this.url = url;
  }

  setRequestHeader(name, value) {
    this.#headers[name] = value;
  }

  setDisableHeaderCheck() {}

  getResponseHeader() {
    return null;
  }

  send(body) {
    const headers = body ? { ...this.#headers, "Content-Length": Buffer.byteLength(body) } : this.#headers;
    this.request = http.request(this.url, { method: this.method, headers }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("error", () => this.#finish(0));
      response.on("end", () => {
        this.responseText = Buffer.concat(parts).toString();
        this.#finish(response.statusCode);
      });
    });
    this.request.on("error", () => this.#finish(0));
    this.request.end(body ?? undefined);
  }

  abort() {
    this.onreadystatechange = () => {};
    this.request?.destroy();
  }

  #finish(status) {
    if (this.readyState === 4) return;
    this.status = status;
    this.readyState = 4;
    this.onreadystatechange?.();
  }
}

// Polling turns binary values into base64 with it.
class FileReader {
  readAsDataURL(blob) {
    blob.arrayBuffer().then((bytes) => {
      this.result = `data:;base64,${Buffer.from(bytes).toString("base64")}`;
      this.onload?.();
    });
  }
}

globalThis.self = globalThis;
globalThis.FileReader = FileReader;
globalThis.WebSocket = WebSocket;
globalThis.XMLHttpRequest = XMLHttpRequest;

const [client, url, transports, scenario] = process.argv.slice(2);
const { io } = require(client);
require("./scenario.js");

function report(name, value) {
  process.stdout.write(`${JSON.stringify([name, value])}\n`);
}

globalThis.scenarios[scenario](io, url, transports.split(","), report).then(
  () => process.exit(0),
  (error) => {
    report("error", String(error.stack ?? error));
    process.exit(1);
  },
);
