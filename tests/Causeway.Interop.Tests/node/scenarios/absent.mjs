// Features that the server does not have give the client's own clear error, at once.

import assert from "node:assert/strict";
import { scenario } from "../harness.mjs";

const PROMPT_MS = 3_000;

await scenario({
  "jetstream management": ({ client, connected }) =>
    connected({}, async (nc) => {
      await promptly(assert.rejects(client.jetStreamManager(nc), client.isJetStreamAbsent));
    }),

  "jetstream publish": ({ client, connected }) =>
    connected({}, async (nc) => {
      await promptly(
        assert.rejects(client.jetStreamPublish(nc, "orders"), (error) =>
          client.isJetStreamAbsent(error) || client.isNoResponders(error),
        ),
      );
    }),

  "the api's subjects answer no responders": ({ client, connected }) =>
    connected({}, async (nc) => {
      for (const subject of ["$JS.API.INFO", "$KV.b.k", "$O.b.C.x", "$SRV.PING", "$SYS.REQ.SERVER.PING"]) {
        await promptly(assert.rejects(nc.request(subject, "", { timeout: 15_000 }), client.isNoResponders));
      }
    }),
});

async function promptly(outcome) {
  const started = Date.now();
  await outcome;
  assert.ok(Date.now() - started < PROMPT_MS, `took ${Date.now() - started} ms`);
}
