// Requests and their answers, and requests without an answer.

import assert from "node:assert/strict";
import { scenario } from "../harness.mjs";

const PROMPT_MS = 2_000;

await scenario({
  "request and reply": ({ connected }) =>
    connected({}, (service) =>
      connected({}, async (nc) => {
        await answer(service, "upper", (m) => m.respond(m.string().toUpperCase()));
        const reply = await nc.request("upper", "hello", { timeout: 5_000 });
        assert.equal(reply.string(), "HELLO");
      }),
    ),

  "request and reply on one connection": ({ connected }) =>
    connected({}, async (nc) => {
      await answer(nc, "self", (m) => m.respond("me"));
      assert.equal((await nc.request("self", "", { timeout: 5_000 })).string(), "me");
    }),

  "request without the shared inbox": ({ client, connected }) =>
    connected({}, async (nc) => {
      await answer(nc, "plain", (m) => m.respond(m.data));
      const reply = await nc.request("plain", "x", { timeout: 5_000, noMux: true, reply: client.createInbox() });
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
      const reply = await nc.request("headers", "x", { timeout: 5_000, headers });
      assert.equal(reply.headers.get("answer"), "why");
    }),

  "a thousand requests at a time": ({ connected }) =>
    connected({}, (service) =>
      connected({}, async (nc) => {
        await answer(service, "double", (m) => m.respond(`${2 * Number(m.string())}`));
        const replies = await Promise.all(
          Array.from({ length: 1000 }, (_, i) => nc.request("double", `${i}`, { timeout: 10_000 })),
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
            await nc.request("group", "", { timeout: 5_000 });
          }
          assert.equal(answers, 50);
        }),
      ),
    ),

  "a request for many gets a counted number": ({ connected }) =>
    connected({}, async (nc) => {
      await answer(nc, "many", (m) => [1, 2, 3, 4, 5].forEach((i) => m.respond(`${i}`)));
      const replies = [];
      for await (const m of await nc.requestMany("many", "", { strategy: "count", maxMessages: 5, maxWait: 5_000 })) {
        replies.push(m.string());
      }
      assert.deepEqual(replies, ["1", "2", "3", "4", "5"]);
    }),

  "a request for many ends at the empty message": ({ client, connected }) =>
    connected({}, async (nc) => {
      await answer(nc, "sentinel", (m) => ["1", "2", ""].forEach((data) => m.respond(data)));
      const replies = [];
      const started = Date.now();
      for await (const m of await nc.requestMany("sentinel", "", { strategy: client.untilEmptyMessage, maxWait: 10_000 })) {
        if (m.data.length > 0) {
          replies.push(m.string());
        }
      }
      assert.deepEqual(replies, ["1", "2"]);
      assert.ok(Date.now() - started < PROMPT_MS);
    }),

  "no responders is reported at once": ({ client, connected }) =>
    connected({}, async (nc) => {
      const started = Date.now();
      await assert.rejects(nc.request("nobody", "", { timeout: 15_000 }), client.isNoResponders);
      assert.ok(Date.now() - started < PROMPT_MS);
    }),

  "no responders without the shared inbox": ({ client, connected }) =>
    connected({}, async (nc) => {
      const options = { timeout: 15_000, noMux: true, reply: client.createInbox() };
      await assert.rejects(nc.request("nobody", "", options), client.isNoResponders);
    }),

  "no responders to a request for many": ({ client, connected }) =>
    connected({}, async (nc) => {
      const asking = (async () => {
        for await (const m of await nc.requestMany("nobody", "", { strategy: "count", maxMessages: 2, maxWait: 15_000 })) {
          assert.fail(`a reply: ${m.string()}`);
        }
      })();
      await assert.rejects(asking, client.isNoResponders);
    }),

  "no responders once the service has gone": ({ client, connected }) =>
    connected({}, (service) =>
      connected({}, async (nc) => {
        const subscription = await answer(service, "leaving", (m) => m.respond("ok"));
        await nc.request("leaving", "", { timeout: 5_000 });
        subscription.unsubscribe();
        await service.flush();
        await assert.rejects(nc.request("leaving", "", { timeout: 15_000 }), client.isNoResponders);
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
