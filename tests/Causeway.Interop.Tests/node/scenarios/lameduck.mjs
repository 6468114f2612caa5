// The first of two servers becomes a lame duck; the client is told, and goes to the second when it is closed.

import assert from "node:assert/strict";
import { scenario, take, watch } from "../harness.mjs";

await scenario({
  "a lame duck is announced and the client goes to the next server": ({ urls, connected, ask }) =>
    connected({ servers: urls, noRandomize: true, reconnectTimeWait: 50 }, async (nc) => {
      const status = watch(nc);
      const subscription = nc.subscribe("duck");
      await nc.flush();
      assert.equal(nc.getServer(), new URL(urls[0]).host);
      const first = nc.info.server_id;

      // What INFO says is looked at when it comes: by the time that the test has answered, the client may be at the other server already.
      const [announced] = await Promise.all([status.until("ldm").then(() => nc.info.ldm), ask("lame-duck")]);
      assert.equal(announced, true);
      await status.until("reconnect");
      await nc.flush();
      assert.equal(nc.getServer(), new URL(urls[1]).host);
      assert.notEqual(nc.info.server_id, first);
      nc.publish("duck", "elsewhere");
      assert.deepEqual((await take(subscription, 1)).map((m) => m.string()), ["elsewhere"]);
    }),
});
