// Requests and their answers, and requests without an answer.

import assert from "node:assert/strict";
import { scenario } from "../harness.mjs";

const TIMEOUT_MS = 45_000;

await scenario({
  "request and reply": ({ connected }) =>
    connected({}, (service) =>
      connected({}, async (nc) => {
        await answer(service, "upper", (m) => m.respond(m.string().toUpperCase()));
        const reply = await nc.request("upper", "hello", { timeout: TIMEOUT_MS });
        assert.equal(reply.string(), "HELLO");
      }),
    ),

  "request and reply on one connection": ({ connected }) =>
    connected({}, async (nc) => {
      await answer(nc, "self", (m) => m.respond("me"));
      assert.equal((await nc.request("self", "", { timeout: TIMEOUT_MS })).string(), "me");
    }),

  "request without the shared inbox": ({ client, connected }) =>
    connected({}, async (nc) => {
      await answer(nc, "plain", (m) => m.respond(m.data));
      const reply = await nc.request("plain", "x", { timeout: TIMEOUT_MS, noMux: true, reply: client.createInbox() });
      assert.equal(reply.string(), "x");
    }),

  "headers go both ways": ({ client, connected }) =>
    connected({}, async (nc) => {
      await answer(nc, "headers", (m) => {
        const headers = client.headers();
        headers.set("answer", m.headers.get("question"));
        m.respond(m.data, { headers });
      });
      const headers = client.headers();
      headers.set("question", "why");
      const reply = await nc.request("headers", "x", { timeout: TIMEOUT_MS, headers });
      assert.equal(reply.headers.get("answer"), "why");
    }),

  "a thousand requests at a time": ({ connected }) =>
    connected({}, (service) =>
      connected({}, async (nc) => {
        await answer(service, "double", (m) => m.respond(`${2 * Number(m.string())}`));
        const replies = await Promise.all(
          Array.from({ length: 1000 }, (_, i) => nc.request("double", `${i}`, { timeout: TIMEOUT_MS })),
        );
        replies.forEach((reply, i) => assert.equal(reply.string(), `${2 * i}`));
      }),
    ),

  "a queue group answers once": ({ connected }) =>
    connected({}, (first) =>
      connected({}, (second) =>
        connected({}, async (nc) => {
          let answers = 0;
          for (const service of [first, second]) {
            await answer(service, "group", (m) => (answers++, m.respond("ok")), { queue: "q" });
          }
          for (let i = 0; i < 50; i++) {
            await nc.request("group", "", { timeout: TIMEOUT_MS });
          }
          assert.equal(answers, 50);
        }),
      ),
    ),

  "a request for many gets a counted number": ({ connected }) =>
    connected({}, async (nc) => {
      await answer(nc, "many", (m) => [1, 2, 3, 4, 5].forEach((i) => m.respond(`${i}`)));
      const replies = [];
      for await (const m of await nc.requestMany("many", "", { strategy: "count", maxMessages: 5, maxWait: TIMEOUT_MS })) {
        replies.push(m.string());
      }
      assert.deepEqual(replies, ["1", "2", "3", "4", "5"]);
    }),

  "a request for many ends at the empty message": ({ client, connected }) =>
    connected({}, async (nc) => {
      await answer(nc, "sentinel", (m) => ["1", "2", ""].forEach((data) => m.respond(data)));
      const replies = [];
      for await (const m of await nc.requestMany("sentinel", "", { strategy: client.untilEmptyMessage, maxWait: 120_000 })) {
        if (m.data.length > 0) {
          replies.push(m.string());
        }
      }
      // Had it gone on to the end of its time, the check's own would be over.
      assert.deepEqual(replies, ["1", "2"]);
    }),

  "no responders is reported at once": ({ client, connected }) =>
    connected({}, async (nc) => {
      await assert.rejects(nc.request("nobody", "", { timeout: TIMEOUT_MS }), client.isNoResponders);
    }),

  "no responders without the shared inbox": ({ client, connected }) =>
    connected({}, async (nc) => {
      const options = { timeout: TIMEOUT_MS, noMux: true, reply: client.createInbox() };
      await assert.rejects(nc.request("nobody", "", options), client.isNoResponders);
    }),

  "no responders to a request for many": ({ client, connected }) =>
    connected({}, async (nc) => {
      const asking = (async () => {
        for await (const m of await nc.requestMany("nobody", "", { strategy: "count", maxMessages: 2, maxWait: TIMEOUT_MS })) {
          assert.fail(`a reply: ${m.string()}`);
        }
      })();
      await assert.rejects(asking, client.isNoResponders);
    }),

  "no responders once the service has gone": ({ client, connected }) =>
    connected({}, (service) =>
      connected({}, async (nc) => {
        const subscription = await answer(service, "leaving", (m) => m.respond("ok"));
        await nc.request("leaving", "", { timeout: TIMEOUT_MS });
        subscription.unsubscribe();
        await service.flush();
        await assert.rejects(nc.request("leaving", "", { timeout: TIMEOUT_MS }), client.isNoResponders);
      }),
    ),

  "a silent service times out": ({ client, connected }) =>
    connected({}, async (nc) => {
      await answer(nc, "silent", () => {});
      await assert.rejects(nc.request("silent", "", { timeout: 200 }), client.isTimeout);
    }),
});

/** Serves a subject, and resolves when the service is known to the server. */
async function answer(nc, subject, handle, options) {
  const subscription = nc.subscribe(subject, { ...options, callback: (_, message) => handle(message) });
  await nc.flush();
  return subscription;
}
