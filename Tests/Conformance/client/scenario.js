// What the official client does against the test server, in Node and in a browser alike.
//
// `report(name, value)` tells the test what happened; a value is plain JSON. A step that does not happen within
// `limit` ends the scenario with an error that names it.

const limit = 20_000;

// Ends whatever is awaited when the connection is lost before it is cut.
let lose;
const lossTooEarly = new Promise((_, reject) => (lose = reject));
lossTooEarly.catch(() => {});

function within(name, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`'${name}' did not happen within ${limit} ms`)), limit);
  });
  return Promise.race([promise, late, lossTooEarly]).finally(() => clearTimeout(timer));
}

function once(emitter, event) {
  return within(event, new Promise((resolve) => emitter.once(event, (...values) => resolve(values))));
}

// Binary values become readable text, so that what came back can be compared as JSON.
function readable(value) {
  if (value instanceof ArrayBuffer) return `binary:${Array.from(new Uint8Array(value)).join(",")}`;
  if (ArrayBuffer.isView(value)) return readable(new Uint8Array(value).slice().buffer);
  if (Array.isArray(value)) return value.map(readable);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, readable(member)]));
  }
  return value;
}

async function echo(socket, ...values) {
  const answer = once(socket, "message-back");
  socket.emit("message", ...values);
  return (await answer).map(readable);
}

const binary = () => ({ bytes: Uint8Array.of(1, 2, 3).buffer, deep: [{ view: Uint8Array.of(255, 0) }, "text"] });

async function runScenario(io, url, transports, report) {
  const options = { transports, forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 100 };
  const socket = io(url, { ...options, auth: { token: "123" } });
  const upgraded = transports.length > 1 ? once(socket.io.engine, "upgrade") : undefined;
  const auth = once(socket, "auth");
  await once(socket, "connect");
  const loseEarly = (reason) => lose(new Error(`the connection was lost: ${reason}`));
  socket.on("disconnect", loseEarly);
  report("connected", { hasID: typeof socket.id === "string", recovered: Boolean(socket.recovered) });
  report("auth", await auth);

  // Sent while the transport may be changing: none is lost, none comes twice, all keep their order.
  const numbers = [];
  const allNumbers = within(
    "numbers",
    new Promise((resolve) => {
      socket.on("message-back", function count(number) {
        if (numbers.push(number) === 300) {
          socket.off("message-back", count);
          resolve();
        }
      });
    }),
  );
  for (let number = 0; number < 300; number++) {
    socket.emit("message", number);
    if (number % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await allNumbers;
  report("in order", numbers.every((number, index) => number === index));
  await upgraded;
  report("transport", socket.io.engine.transport.name);

  report("echo", await echo(socket, 1, "2", { 3: [true] }, null, "ü€😀"));
  report("nothing", await echo(socket));
  report("binary", await echo(socket, binary()));
  report("large", (await echo(socket, "x".repeat(300_000)))[0].length);
  const large = new Uint8Array(300_000).fill(7);
  report("large binary", (await within("large binary", socket.emitWithAck("message-with-ack", large))).byteLength);
  const answers = new Promise((resolve) => socket.emit("message-with-ack", 1, "2", (...values) => resolve(values)));
  report("ack", await within("ack", answers));
  report("binary ack", readable(await within("binary ack", socket.emitWithAck("message-with-ack", binary()))));

  const custom = socket.io.socket("/custom", { auth: { token: "abc" } });
  report("custom auth", await once(custom, "auth"));
  const unknown = socket.io.socket("/unknown");
  const [error] = await once(unknown, "connect_error");
  report("unknown namespace", { message: error.message, active: unknown.active });
  unknown.disconnect();

  const left = once(custom, "disconnect");
  custom.disconnect();
  report("left", (await left)[0]);
  report("echo after leaving", await echo(socket, "still here"));

  socket.off("disconnect", loseEarly);
  const before = socket.id;
  const lost = once(socket, "disconnect");
  const again = once(socket, "connect");
  report("cut", null);
  const [reason] = await lost;
  report("lost", reason);
  await again;
  report("reconnected", { hasNewID: socket.id !== before });
  report("echo after reconnecting", await echo(socket, "back"));

  const ended = once(socket, "disconnect");
  socket.disconnect();
  report("disconnected", (await ended)[0]);
  report("done", null);
}

// What comes back after the connection was lost with an event on its way: the proxy lets "missed" not pass.
async function runRecovery(io, url, transports, report) {
  const socket = io(url, { transports, forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 100 });
  await once(socket, "connect");
  report("connected", { recovered: socket.recovered });
  const before = socket.id;
  // Behind the values comes where the client was.
  report("echo", (await echo(socket, "first"))[0]);

  const received = [];
  const both = within(
    "missed and back",
    new Promise((resolve) => {
      socket.on("message-back", (value) => received.push(value) === 2 && resolve());
    }),
  );
  const lost = once(socket, "disconnect");
  const again = once(socket, "connect");
  socket.emit("message", "missed");
  report("lost", (await lost)[0]);
  await again;
  report("reconnected", { recovered: socket.recovered, isTheSame: socket.id === before });
  socket.emit("message", "back");
  await both;
  report("received", received);

  const ended = once(socket, "disconnect");
  socket.disconnect();
  report("disconnected", (await ended)[0]);
  report("done", null);
}

globalThis.scenarios = { all: runScenario, recovery: runRecovery };
