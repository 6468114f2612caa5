// Features that the server does not have give the client's own clear error: that of who is told so, and not that of who waited in vain.

import assert from "node:assert/strict";
import { scenario } from "../harness.mjs";

const TIMEOUT_MS = 45_000;

await scenario({
  "jetstream management": ({ client, connected }) =>
    connected({}, async (nc) => {
      await assert.rejects(client.jetStreamManager(nc, { timeout: TIMEOUT_MS }), client.isJetStreamAbsent);
    }),

  "jetstream publish": ({ client, connected }) =>
    connected({}, async (nc) => {
      await assert.rejects(client.jetStreamPublish(nc, "orders", { timeout: TIMEOUT_MS }), (error) =>
        client.isJetStreamAbsent(error) || client.isNoResponders(error),
      );
    }),

  "the api's subjects answer no responders": ({ client, connected }) =>
    connected({}, async (nc) => {
      for (const subject of ["$JS.API.INFO", "$KV.b.k", "$O.b.C.x", "$SRV.PING", "$SYS.REQ.SERVER.PING"]) {
        await assert.rejects(nc.request(subject, "", { timeout: TIMEOUT_MS }), client.isNoResponders);
      }
    }),
});
