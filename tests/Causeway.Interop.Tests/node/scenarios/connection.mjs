// Connecting, what INFO tells, and the modes that CONNECT sets.

import assert from "node:assert/strict";
import { scenario, take } from "../harness.mjs";

const MAX_PAYLOAD_BYTES = 1024 * 1024;

await scenario({
  "info is complete": ({ connected }) =>
    connected({ name: "info" }, async (nc) => {
      assert.equal(typeof nc.info.server_id, "string");
      assert.equal(typeof nc.info.server_name, "string");
      assert.match(nc.info.version, /^\d+\.\d+\.\d+/);
      assert.equal(nc.info.proto, 1);
      assert.equal(nc.info.headers, true);
      assert.equal(nc.info.max_payload, MAX_PAYLOAD_BYTES);
      assert.equal(typeof nc.info.client_id, "number");
      assert.equal(nc.info.client_ip, "127.0.0.1");
      assert.ok(!nc.info.jetstream);
      assert.ok(!nc.info.auth_required);
    }),

  "each connection has its own client id": ({ connected }) =>
    connected({}, (first) =>
      connected({}, async (second) => {
        assert.notEqual(first.info.client_id, second.info.client_id);
      }),
    ),

  "flush and round trip time": ({ connected }) =>
    connected({}, async (nc) => {
      await nc.flush();
      await Promise.all([nc.flush(), nc.flush(), nc.flush()]);
      assert.ok((await nc.rtt()) >= 0);
    }),

  "user and token are ignored without authentication": async ({ connected }) => {
    await connected({ user: "u", pass: "p" }, (nc) => nc.flush());
    await connected({ token: "t" }, (nc) => nc.flush());
  },

  "verbose": ({ connected }) => connected({ verbose: true }, roundTrip),

  "pedantic": ({ connected }) => connected({ pedantic: true }, roundTrip),

  "verbose and pedantic": ({ connected }) => connected({ verbose: true, pedantic: true }, roundTrip),

  "no echo": ({ connected }) =>
    connected({ noEcho: true }, (quiet) =>
      connected({}, async (other) => {
        const own = quiet.subscribe("echo");
        const others = other.subscribe("echo");
        await Promise.all([quiet.flush(), other.flush()]);
        quiet.publish("echo", "from quiet");
        await quiet.flush();
        other.publish("echo", "from other");
        assert.deepEqual((await take(own, 1)).map((m) => m.string()), ["from other"]);
        assert.deepEqual((await take(others, 2)).map((m) => m.string()), ["from quiet", "from other"]);
      }),
    ),

  "close ends the connection without an error": async ({ client, url }) => {
    const nc = await client.connect({ servers: url });
    await nc.close();
    assert.equal(await nc.closed(), undefined);
    assert.ok(nc.isClosed());
  },

  "a hundred connections at a time": async ({ client, url }) => {
    const connections = await Promise.all(Array.from({ length: 100 }, () => client.connect({ servers: url })));
    await Promise.all(connections.map((nc) => nc.flush()));
    assert.equal(new Set(connections.map((nc) => nc.info.client_id)).size, 100);
    await Promise.all(connections.map((nc) => nc.close()));
  },
});

async function roundTrip(nc) {
  const subscription = nc.subscribe("mode.*");
  for (let i = 0; i < 10; i++) {
    nc.publish(`mode.${i}`, `${i}`);
  }
  await nc.flush();
  assert.deepEqual((await take(subscription, 10)).map((m) => m.string()), ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
}
