// Both sides ask whether the other is there. The server runs with a ping interval of one second, five pings out.

import assert from "node:assert/strict";
import { scenario, within } from "../harness.mjs";

const SILENCE_MS = 8_000;

await scenario({
  "silent clients stay while both sides answer pings": async ({ connected }) => {
    await Promise.all([
      // Only the server asks.
      connected({ reconnect: false, pingInterval: 60_000 }, staysThroughSilence),
      // The client asks far more often than the server, and is as patient: its machine may stand still for a moment.
      connected({ reconnect: false, pingInterval: 100, maxPingOut: 60 }, staysThroughSilence),
    ]);
  },
});

/** The silence itself is what is tested: it is longer than the server keeps a client that does not answer. */
async function staysThroughSilence(nc) {
  const closed = nc.closed().then((error) => `closed: ${error?.message}`);
  const silence = within(SILENCE_MS, closed, "a close").catch(() => "still open");
  assert.equal(await silence, "still open");
  await nc.flush();
}
