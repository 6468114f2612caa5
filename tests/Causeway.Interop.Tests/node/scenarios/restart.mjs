// The server is killed and comes back on the same port.

import assert from "node:assert/strict";
import { scenario, take, watch } from "../harness.mjs";

const QUICK = { reconnectTimeWait: 50, reconnectJitter: 10, maxReconnectAttempts: -1 };

await scenario({
  "subscriptions are there again after a restart": ({ connected, ask }) =>
    connected(QUICK, async (nc) => {
      const status = watch(nc);
      const plain = nc.subscribe("restart.*");
      const queued = nc.subscribe("restart.queue", { queue: "q" });
      await nc.flush();
      const before = nc.info.server_id;
      await ask("restart");
      await status.until("disconnect");
      await status.until("reconnect");
      await nc.flush();
      assert.notEqual(nc.info.server_id, before, "a new process has a new id");
      nc.publish("restart.queue", "back");
      assert.deepEqual((await take(plain, 1)).map((m) => m.string()), ["back"]);
      assert.deepEqual((await take(queued, 1)).map((m) => m.string()), ["back"]);
    }),

  "a subscription that had part of its maximum gets the rest": ({ connected, ask }) =>
    connected(QUICK, async (nc) => {
      const status = watch(nc);
      const subscription = nc.subscribe("restart.max", { max: 3 });
      nc.publish("restart.max", "1");
      await nc.flush();
      await ask("restart");
      await status.until("reconnect");
      ["2", "3", "4"].forEach((data) => nc.publish("restart.max", data));
      await nc.flush();
      assert.deepEqual((await take(subscription, 3)).map((m) => m.string()), ["1", "2", "3"]);
    }),

  "requests work again after a restart": ({ connected, ask }) =>
    connected(QUICK, (service) =>
      connected(QUICK, async (nc) => {
        const statuses = [watch(service), watch(nc)];
        service.subscribe("restart.service", { callback: (_, m) => m.respond("ok") });
        await service.flush();
        await nc.request("restart.service", "", { timeout: 45_000 });
        await ask("restart");
        await Promise.all(statuses.map((status) => status.until("reconnect")));
        await service.flush();
        assert.equal((await nc.request("restart.service", "", { timeout: 45_000 })).string(), "ok");
      }),
    ),
});
