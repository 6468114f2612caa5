// A hub and its leaf node: the first url is the hub's, the second the leaf's. Whoever connects to one reaches the other.

import assert from "node:assert/strict";
import { scenario, take, within } from "../harness.mjs";

const LINK_DEADLINE_MS = 30_000;
const ATTEMPT_MS = 500;

await scenario({
  "a subscription on either side gets what the other side publishes": (context) =>
    bothWays(context, async (here, there) => {
      const subscription = there.subscribe("chat.*");
      await there.flush();
      await reached(here, there);
      const headers = context.client.headers();
      headers.set("from", "here");
      for (let i = 0; i < 1000; i++) {
        here.publish("chat.room", `${i}`, { headers });
      }
      const messages = await take(subscription, 1000);
      messages.forEach((message, i) => assert.equal(message.string(), `${i}`));
      assert.equal(messages[999].headers.get("from"), "here");
    }),

  "requests are answered over the boundary": (context) =>
    bothWays(context, async (here, there) => {
      serve(there, "upper", undefined, (message) => message.respond(message.string().toUpperCase()));
      await there.flush();
      await reached(here, there);
      const replies = await Promise.all(
        Array.from({ length: 100 }, (_, i) => here.request("upper", `abc${i}`, { timeout: 45_000 })),
      );
      replies.forEach((reply, i) => assert.equal(reply.string(), `ABC${i}`));
    }),

  "a queue group with members on both sides handles each request once": (context) =>
    bothWays(context, async (here, there) => {
      let handled = 0;
      const work = unique("work");
      for (const side of [here, there]) {
        serve(side, work, "workers", (message) => {
          handled++;
          message.respond("done");
        });
        await side.flush();
      }
      await reached(here, there);
      await reached(there, here);
      for (let i = 0; i < 200; i++) {
        assert.equal((await here.request(work, "", { timeout: 45_000 })).string(), "done");
      }
      assert.equal(handled, 200);
    }),

  "a queue group on the other side alone handles each request once": (context) =>
    bothWays(context, async (here, there) => {
      let handled = 0;
      const far = unique("far");
      for (let i = 0; i < 3; i++) {
        serve(there, far, "workers", (message) => {
          handled++;
          message.respond("done");
        });
      }
      await there.flush();
      await reached(here, there);
      for (let i = 0; i < 200; i++) {
        assert.equal((await here.request(far, "", { timeout: 45_000 })).string(), "done");
      }
      assert.equal(handled, 200);
    }),
});

/** Runs the body from the hub to the leaf, and from the leaf to the hub. */
async function bothWays({ client, urls }, body) {
  for (const [from, to] of [urls, [...urls].reverse()]) {
    const here = await client.connect({ servers: from });
    const there = await client.connect({ servers: to });
    try {
      await body(here, there);
    } finally {
      await here.close();
      await there.close();
    }
  }
}

/** Waits until what was subscribed to there before is known here: interest is told in order. */
async function reached(here, there) {
  const subject = unique("probe");
  serve(there, subject, undefined, (message) => message.respond());
  await there.flush();
  const probing = (async () => {
    for (;;) {
      try {
        return await here.request(subject, "", { timeout: ATTEMPT_MS });
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  })();
  await within(LINK_DEADLINE_MS, probing, "a way to the other side");
}

/** A subject that is used once: members of a group that are gone get their share until both servers have noticed. */
function unique(name) {
  return `${name}.${Math.random().toString(36).slice(2)}`;
}

function serve(connection, subject, queue, handle) {
  const subscription = connection.subscribe(subject, { queue });
  (async () => {
    for await (const message of subscription) {
      handle(message);
    }
  })();
}
