// Draining a subscription or a connection loses nothing that was on its way.

import assert from "node:assert/strict";
import { scenario } from "../harness.mjs";

const TOTAL = 1000;

await scenario({
  "a drained subscription handles what is on its way": ({ connected }) =>
    connected({}, (publisher) =>
      connected({}, async (nc) => {
        let handled = 0;
        const subscription = nc.subscribe("drain.sub", { callback: () => handled++ });
        await nc.flush();
        publishAll(publisher, "drain.sub");
        await publisher.flush();
        await subscription.drain();
        assert.equal(handled, TOTAL);
        publisher.publish("drain.sub");
        await publisher.flush();
        await nc.flush();
        assert.equal(handled, TOTAL);
      }),
    ),

  "a drained connection handles what is on its way and closes": ({ client, url, connected }) =>
    connected({}, async (publisher) => {
      const nc = await client.connect({ servers: url });
      let handled = 0;
      nc.subscribe("drain.connection", { callback: () => handled++ });
      await nc.flush();
      publishAll(publisher, "drain.connection");
      await publisher.flush();
      await nc.drain();
      assert.equal(handled, TOTAL);
      assert.equal(await nc.closed(), undefined);
    }),

  "a drained connection has sent what it published": ({ client, url, connected }) =>
    connected({}, async (subscriber) => {
      let received = 0;
      subscriber.subscribe("drain.sent", { callback: () => received++ });
      await subscriber.flush();
      const nc = await client.connect({ servers: url });
      publishAll(nc, "drain.sent");
      await nc.drain();
      await subscriber.flush();
      assert.equal(received, TOTAL);
    }),

  "a service in a queue group drains without losing a request": ({ client, url, connected }) =>
    connected({}, (stays) =>
      connected({}, async (nc) => {
        const leaves = await client.connect({ servers: url });
        for (const service of [stays, leaves]) {
          service.subscribe("drain.service", { queue: "q", callback: (_, m) => m.respond("ok") });
          await service.flush();
        }
        const requests = Array.from({ length: TOTAL }, () => nc.request("drain.service", "", { timeout: 45_000 }));
        await leaves.drain();
        const replies = await Promise.all(requests);
        assert.ok(replies.every((reply) => reply.string() === "ok"));
      }),
    ),
});

function publishAll(nc, subject) {
  for (let i = 0; i < TOTAL; i++) {
    nc.publish(subject, `${i}`);
  }
}
