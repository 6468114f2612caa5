// The load of bench/clients made with nats.js. The .NET and the C program take the same arguments, do the same and print the same;
// docs/bench.md says what.
//
//   node clients.mjs ROLE HOST:PORT SIZE WARMUP_SECONDS SECONDS IN_FLIGHT

import { readFileSync } from "node:fs";
import { connect } from "nats";

const SUBJECT = "bench";
const ACKS = "bench.ack";
const USUAL = 0x61;
const MARK = 0x7a;
const BURST = 256;
const BURSTS_BETWEEN_FLUSHES = 8;
const WINDOW = 32768;
const ACK_EVERY = 4096;
const PATIENCE_MS = 30000;

const [role, server, sizeText, warmupText, secondsText, inFlightText] = process.argv.slice(2);
const size = Number(sizeText);
const warmupSeconds = Number(warmupText);
const measuredSeconds = Number(secondsText);
const inFlight = Number(inFlightText);
const payload = new Uint8Array(size).fill(USUAL);
const utf8 = new TextEncoder();
const ascii = new TextDecoder();
let connection;

function usage() {
  const cpu = process.cpuUsage();
  return { seconds: performance.now() / 1000, cpuSeconds: (cpu.user + cpu.system) / 1e6 };
}

function residentBytes() {
  return Number(/^Rss:\s+(\d+) kB/m.exec(readFileSync("/proc/self/smaps_rollup", "latin1"))[1]) * 1024;
}

function printFigures(count, from, to, more = {}) {
  console.log(JSON.stringify({
    count,
    seconds: to.seconds - from.seconds,
    cpu_seconds: to.cpuSeconds - from.cpuSeconds,
    rss_bytes: residentBytes(),
    ...more,
  }));
}

// The message that ends a phase: it says how many there were, itself included.
function mark(count) {
  const data = new Uint8Array(size).fill(0x20);
  data[0] = MARK;
  data.set(utf8.encode(String(count)), 1);
  return data;
}

async function publishFor(seconds) {
  const end = performance.now() + seconds * 1000;
  let count = 0;
  let flushed = Promise.resolve();
  do {
    for (let i = 0; i < BURST * BURSTS_BETWEEN_FLUSHES; i++) {
      connection.publish(SUBJECT, payload);
    }
    count += BURST * BURSTS_BETWEEN_FLUSHES;
    const next = connection.flush();
    await flushed;
    flushed = next;
  } while (performance.now() < end);
  await flushed;
  return count;
}

async function publish() {
  await publishFor(warmupSeconds);
  const from = usage();
  const count = await publishFor(measuredSeconds);
  printFigures(count, from, usage());
}

async function send() {
  let acknowledged = 0;
  let wanted = 0;
  let reached = null;
  connection.subscribe(ACKS, {
    callback: (error, message) => {
      if (error) {
        fail(error);
      }
      acknowledged = Number(ascii.decode(message.data));
      if (reached !== null && acknowledged >= wanted) {
        reached();
        reached = null;
      }
    },
  });
  await connection.flush();

  function acks(count) {
    if (acknowledged >= count) {
      return undefined;
    }
    wanted = count;
    return new Promise((resolve) => (reached = resolve));
  }

  async function sendFor(seconds) {
    const end = performance.now() + seconds * 1000;
    let count = 0;
    let flushed = Promise.resolve();
    acknowledged = 0;
    do {
      // The same bursts between two looks at the event loop as where nobody subscribes.
      for (let burst = 0; burst < BURSTS_BETWEEN_FLUSHES; burst++) {
        const room = acks(count + BURST - WINDOW);
        if (room !== undefined) {
          await room;
        }
        for (let i = 0; i < BURST; i++) {
          connection.publish(SUBJECT, payload);
        }
        count += BURST;
      }
      const next = connection.flush();
      await flushed;
      flushed = next;
    } while (performance.now() < end);
    await flushed;
    count += 1;
    connection.publish(SUBJECT, mark(count));
    await connection.flush();
    await acks(count);
    return count;
  }

  await sendFor(warmupSeconds);
  const from = usage();
  const count = await sendFor(measuredSeconds);
  printFigures(count, from, usage());
}

// Both measure from the mark that ends the warm-up to the mark that ends the load.
async function untilMarks(handle) {
  let received = 0;
  let began = null;
  let printed = null;
  const done = new Promise((resolve) => (printed = resolve));
  connection.subscribe(SUBJECT, {
    callback: (error, message) => {
      const data = message?.data;
      if (error || data.length !== size || (data[0] !== USUAL && data[0] !== MARK)) {
        fail(error ?? new Error("a message came that was not sent"));
      }
      received += 1;
      const last = data[0] === MARK;
      const ended = last ? usage() : null;
      handle(message, received, last);
      if (last) {
        if (began !== null) {
          printed([received, began, ended]);
        }
        began = ended;
        received = 0;
      }
    },
  });
  await connection.flush();
  console.log("ready");
  const figures = await done;
  await connection.flush();
  printFigures(...figures);
}

function receive() {
  return untilMarks((message, received, last) => {
    if (last && Number(ascii.decode(message.data.subarray(1))) !== received) {
      fail(new Error("not as many messages came as were sent"));
    }
    if (last || received % ACK_EVERY === 0) {
      connection.publish(ACKS, utf8.encode(String(received)));
    }
  });
}

function respond() {
  return untilMarks((message) => message.respond(message.data));
}

async function ask(data) {
  const reply = await connection.request(SUBJECT, data, { timeout: PATIENCE_MS });
  if (Buffer.compare(reply.data, data) !== 0) {
    fail(new Error("a reply is not what was asked for"));
  }
}

async function requestFor(seconds) {
  const latencies = [];
  const end = performance.now() + seconds * 1000;
  async function one() {
    for (let start = performance.now(); start < end; ) {
      await ask(payload);
      const after = performance.now();
      latencies.push((after - start) * 1000);
      start = after;
    }
  }
  await Promise.all(Array.from({ length: inFlight }, one));
  return latencies;
}

async function request() {
  await requestFor(warmupSeconds);
  await ask(mark(0));
  const from = usage();
  const latencies = await requestFor(measuredSeconds);
  const to = usage();
  await ask(mark(0));
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))];
  printFigures(latencies.length, from, to, { p50_us: at(0.5), p99_us: at(0.99) });
}

function fail(error) {
  console.error(`nats.js: ${error.message}`);
  process.exit(1);
}

const roles = { publish, send, receive, respond, request };
if (roles[role] === undefined || process.argv.length !== 8) {
  fail(new Error("ROLE HOST:PORT SIZE WARMUP_SECONDS SECONDS IN_FLIGHT are needed"));
}

try {
  connection = await connect({ servers: server, reconnect: false });
  await roles[role]();
  await connection.close();
} catch (error) {
  fail(error);
}
