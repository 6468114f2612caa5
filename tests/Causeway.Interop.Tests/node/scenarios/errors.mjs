// How the server's errors look to a client. The server runs with small limits:
// max_payload 10000, max_subscriptions 20, max_connections 5.

import assert from "node:assert/strict";
import { scenario, take, watch } from "../harness.mjs";

const MAX_PAYLOAD_BYTES = 10_000;
const MAX_SUBSCRIPTIONS = 20;
const MAX_CONNECTIONS = 5;

await scenario({
  "a payload over the limit is refused by the client": ({ client, connected }) =>
    connected({}, async (nc) => {
      assert.equal(nc.info.max_payload, MAX_PAYLOAD_BYTES);
      assert.throws(() => nc.publish("large", new Uint8Array(MAX_PAYLOAD_BYTES + 1)), client.isPayloadTooLarge);
      nc.publish("large", new Uint8Array(MAX_PAYLOAD_BYTES));
      await nc.flush();
    }),

  "a payload over the limit is refused by the server": ({ connected }) =>
    connected({ reconnect: false }, async (nc) => {
      // Past the client's own check, and the line alone: a server that closes while a payload comes resets the
      // connection, and the error may be lost with it.
      nc.protocol.sendCommand(`PUB large ${MAX_PAYLOAD_BYTES + 1}\r\n`);
      const error = await nc.closed();
      assert.match(error.message, /Maximum Payload Violation/);
    }),

  "one subscription too many is reported and nothing else is lost": ({ connected }) =>
    connected({}, async (nc) => {
      const status = watch(nc);
      const subscriptions = Array.from({ length: MAX_SUBSCRIPTIONS + 1 }, (_, i) => nc.subscribe(`limited.${i}`));
      await nc.flush();
      await status.until("error");
      assert.match(nc.protocol.lastError.message, /maximum subscriptions exceeded/);
      nc.publish("limited.0", "still here");
      assert.deepEqual((await take(subscriptions[0], 1)).map((m) => m.string()), ["still here"]);
      assert.ok(!status.seen.some((s) => s.type === "disconnect"));
    }),

  "an invalid subject is reported and nothing else is lost": ({ connected }) =>
    connected({}, async (nc) => {
      const status = watch(nc);
      const subscription = nc.subscribe("valid");
      // Past the client's own check of subjects, where it has one.
      nc.protocol.sendCommand("SUB in..valid 999\r\n");
      await nc.flush();
      await status.until("error");
      assert.match(nc.protocol.lastError.message, /Invalid Subject/);
      nc.publish("valid", "still here");
      assert.deepEqual((await take(subscription, 1)).map((m) => m.string()), ["still here"]);
      assert.ok(!status.seen.some((s) => s.type === "disconnect"));
    }),

  "an unknown operation is reported and closes": ({ connected }) =>
    connected({ reconnect: false }, async (nc) => {
      nc.protocol.sendCommand("NONSENSE\r\n");
      const error = await nc.closed();
      assert.match(error.message, /Unknown Protocol Operation/);
    }),

  "the client reconnects after an error that closed": ({ connected }) =>
    connected({ reconnectTimeWait: 50 }, async (nc) => {
      const status = watch(nc);
      const subscription = nc.subscribe("again");
      nc.protocol.sendCommand("NONSENSE\r\n");
      await status.until("reconnect");
      nc.publish("again", "back");
      assert.deepEqual((await take(subscription, 1)).map((m) => m.string()), ["back"]);
    }),

  "one connection too many is refused": async ({ client, url }) => {
    const connections = [];
    try {
      const filling = (async () => {
        while (connections.length <= MAX_CONNECTIONS) {
          connections.push(await client.connect({ servers: url, reconnect: false }));
        }
      })();
      // The client sends CONNECT on INFO; when that meets a closed socket, the error line may be lost with it.
      await assert.rejects(filling, /maximum connections exceeded|EPIPE|ECONNRESET/i);
      // The connections of earlier checks may count for a moment longer.
      assert.ok(connections.length > 0 && connections.length <= MAX_CONNECTIONS);
      await connections[0].flush();
    } finally {
      await Promise.all(connections.map((nc) => nc.close()));
    }
  },
});
