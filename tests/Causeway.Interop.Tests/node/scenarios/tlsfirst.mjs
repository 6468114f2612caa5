// TLS that comes before the server's INFO.

import assert from "node:assert/strict";
import { scenario, take } from "../harness.mjs";

await scenario({
  "TLS comes before INFO": ({ connected }) =>
    connected({ tls: { handshakeFirst: true } }, async (nc) => {
      assert.ok(nc.info.tls_required);
      const subscription = nc.subscribe("echo");
      nc.publish("echo", "hello");
      assert.deepEqual((await take(subscription, 1)).map((m) => m.string()), ["hello"]);
    }),
});
