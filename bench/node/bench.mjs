// The second client of bench/compare: the same measurements as `causeway bench`, made with nats.js.
// Prints one JSON object with the field names of `causeway bench --json`.
//
//   node bench.mjs pub|pubsub|request --server HOST:PORT [--size BYTES] [--duration SECONDS] [--warmup SECONDS] [--pid PID]

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { connect, Empty } from "nats";

const SUBJECT = "bench";
const BURST = 2000;
const USER_HZ = 100;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    server: { type: "string", default: "127.0.0.1:4222" },
    size: { type: "string", default: "128" },
    duration: { type: "string", default: "3" },
    warmup: { type: "string", default: "1" },
    pid: { type: "string" },
  },
});

const size = Number(values.size);
const payload = size === 0 ? Empty : new Uint8Array(size).fill(0x61);

function usage() {
  if (values.pid === undefined) {
    return null;
  }
  const stat = readFileSync(`/proc/${values.pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const rollup = readFileSync(`/proc/${values.pid}/smaps_rollup`, "latin1");
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / USER_HZ,
    rssBytes: Number(/^Rss:\s+(\d+) kB/m.exec(rollup)[1]) * 1024,
  };
}

function processSection(before, after, seconds, perMessage) {
  if (before === null) {
    return undefined;
  }
  const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
  return {
    pid: Number(values.pid),
    cpu_seconds: cpuSeconds,
    cpu_cores: cpuSeconds / seconds,
    rss_before_bytes: before.rssBytes,
    rss_after_bytes: after.rssBytes,
    ...perMessage(cpuSeconds * 1e6),
  };
}

function open(name) {
  return connect({ servers: values.server, name, reconnect: false });
}

// Publishes for that long, at most two bursts ahead of the server, and returns how many.
async function publishFor(connection, seconds) {
  const end = performance.now() + seconds * 1000;
  let published = 0;
  let flushed = Promise.resolve();
  while (performance.now() < end) {
    for (let i = 0; i < BURST; i++) {
      connection.publish(SUBJECT, payload);
    }
    published += BURST;
    const next = connection.flush();
    await flushed;
    flushed = next;
  }
  await flushed;
  return published;
}

async function pub() {
  const connection = await open("bench-pub");
  await publishFor(connection, Number(values.warmup));
  const before = usage();
  const start = performance.now();
  const published = await publishFor(connection, Number(values.duration));
  const seconds = (performance.now() - start) / 1000;
  const after = usage();
  await connection.close();
  return {
    seconds,
    published,
    published_per_second: published / seconds,
    process: processSection(before, after, seconds, (us) => ({ cpu_us_per_published: us / published })),
  };
}

async function pubsub() {
  const subscriber = await open("bench-sub");
  const publisher = await open("bench-pub");
  let delivered = 0;
  let expected = Infinity;
  let done = null;
  subscriber.subscribe(SUBJECT, {
    callback: (error) => {
      if (error) {
        throw error;
      }
      delivered += 1;
      if (delivered === expected) {
        done();
      }
    },
  });
  await subscriber.flush();

  async function phase(seconds) {
    delivered = 0;
    expected = Infinity;
    const published = await publishFor(publisher, seconds);
    await new Promise((resolve) => {
      done = resolve;
      expected = published;
      if (delivered === expected) {
        resolve();
      }
    });
    return published;
  }

  await phase(Number(values.warmup));
  const before = usage();
  const start = performance.now();
  const published = await phase(Number(values.duration));
  const seconds = (performance.now() - start) / 1000;
  const after = usage();
  await publisher.close();
  await subscriber.close();
  return {
    seconds,
    published,
    delivered,
    published_per_second: published / seconds,
    delivered_per_second: delivered / seconds,
    process: processSection(before, after, seconds, (us) => ({
      cpu_us_per_published: us / published,
      cpu_us_per_delivered: us / delivered,
    })),
  };
}

async function request() {
  const responder = await open("bench-responder");
  const requester = await open("bench-requester");
  responder.subscribe(SUBJECT, { callback: (_error, message) => message.respond(message.data) });
  await responder.flush();

  async function phase(seconds) {
    const latencies = [];
    const end = performance.now() + seconds * 1000;
    for (let now = performance.now(); now < end; ) {
      const reply = await requester.request(SUBJECT, payload, { timeout: 5000 });
      const after = performance.now();
      if (reply.data.length !== size) {
        throw new Error(`a reply has ${reply.data.length} bytes instead of ${size}`);
      }
      latencies.push((after - now) * 1000);
      now = after;
    }
    return latencies;
  }

  await phase(Number(values.warmup));
  const before = usage();
  const start = performance.now();
  const latencies = await phase(Number(values.duration));
  const seconds = (performance.now() - start) / 1000;
  const after = usage();
  await requester.close();
  await responder.close();
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))];
  return {
    seconds,
    requests: latencies.length,
    requests_per_second: latencies.length / seconds,
    latency: { samples: latencies.length, p50_us: at(0.5), p90_us: at(0.9), p99_us: at(0.99), p999_us: at(0.999), max_us: at(1) },
    process: processSection(before, after, seconds, (us) => ({ cpu_us_per_request: us / latencies.length })),
  };
}

const modes = { pub, pubsub, request };
const mode = modes[positionals[0]];
if (mode === undefined || positionals.length !== 1) {
  console.error(`bench.mjs: one of ${Object.keys(modes).join(", ")} is needed`);
  process.exit(2);
}

try {
  const result = await mode();
  console.log(JSON.stringify({ mode: positionals[0], server: values.server, size_bytes: size, ...result }));
} catch (error) {
  console.error(`bench.mjs: ${error.message}`);
  process.exit(1);
}
