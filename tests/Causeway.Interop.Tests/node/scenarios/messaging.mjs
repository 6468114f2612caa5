// Publish and subscribe: payloads, headers, wildcards, queue groups, order, the end of subscriptions.

import assert from "node:assert/strict";
import { scenario, take } from "../harness.mjs";

const MAX_PAYLOAD_BYTES = 1024 * 1024;

await scenario({
  "publish and subscribe": ({ connected }) =>
    connected({}, async (nc) => {
      const subscription = nc.subscribe("greetings");
      nc.publish("greetings", "hello", { reply: "answers.here" });
      const [message] = await take(subscription, 1);
      assert.equal(message.subject, "greetings");
      assert.equal(message.string(), "hello");
      assert.equal(message.reply, "answers.here");
      assert.equal(message.sid, subscription.getID());
    }),

  "an empty payload": ({ connected }) =>
    connected({}, async (nc) => {
      const subscription = nc.subscribe("empty");
      nc.publish("empty");
      const [message] = await take(subscription, 1);
      assert.equal(message.data.length, 0);
    }),

  "every byte value passes": ({ connected }) =>
    connected({}, async (nc) => {
      const payload = Uint8Array.from({ length: 1024 }, (_, i) => i % 256);
      const subscription = nc.subscribe("bytes");
      nc.publish("bytes", payload);
      const [message] = await take(subscription, 1);
      assert.deepEqual(new Uint8Array(message.data), payload);
    }),

  "a payload that looks like the protocol": ({ connected }) =>
    connected({}, async (nc) => {
      const payload = "PING\r\nMSG x 1 5\r\n-ERR 'no'\r\n\r\n";
      const subscription = nc.subscribe("tricky");
      nc.publish("tricky", payload);
      nc.publish("tricky", "after");
      assert.deepEqual((await take(subscription, 2)).map((m) => m.string()), [payload, "after"]);
    }),

  "payloads of all sizes up to the limit": ({ connected }) =>
    connected({}, async (nc) => {
      const sizes = [1, 100, 1023, 1024, 4095, 4096, 32767, 65536, 65537, 262144, MAX_PAYLOAD_BYTES];
      const subscription = nc.subscribe("sizes");
      sizes.forEach((size, i) => nc.publish("sizes", new Uint8Array(size).fill(i + 1)));
      const messages = await take(subscription, sizes.length);
      messages.forEach((message, i) => {
        assert.equal(message.data.length, sizes[i]);
        assert.ok(message.data.every((byte) => byte === i + 1));
      });
    }),

  "headers": ({ client, connected }) =>
    connected({}, async (nc) => {
      const headers = client.headers();
      headers.append("one", "1");
      headers.append("many", "a");
      headers.append("many", "b");
      headers.set("unicode", "é€😀");
      const subscription = nc.subscribe("headed");
      nc.publish("headed", "body", { headers });
      nc.publish("headed", undefined, { headers });
      nc.publish("headed", "bare");
      const [full, bodiless, bare] = await take(subscription, 3);
      assert.equal(full.string(), "body");
      assert.equal(full.headers.get("one"), "1");
      assert.deepEqual(full.headers.values("many"), ["a", "b"]);
      assert.equal(full.headers.get("unicode"), "é€😀");
      assert.equal(bodiless.data.length, 0);
      assert.equal(bodiless.headers.get("one"), "1");
      assert.equal(bare.headers, undefined);
    }),

  "wildcards": ({ connected }) =>
    connected({}, async (nc) => {
      const one = nc.subscribe("w.*.z");
      const rest = nc.subscribe("w.>");
      ["w", "w.a", "w.a.z", "w.b.z", "w.a.z.z", "W.a.z", "x.a.z"].forEach((subject) => nc.publish(subject));
      await nc.flush();
      assert.deepEqual((await take(one, 2)).map((m) => m.subject), ["w.a.z", "w.b.z"]);
      assert.deepEqual((await take(rest, 4)).map((m) => m.subject), ["w.a", "w.a.z", "w.b.z", "w.a.z.z"]);
      assert.equal(one.getReceived(), 2);
      assert.equal(rest.getReceived(), 4);
    }),

  "overlapping subscriptions": ({ connected }) =>
    connected({}, async (nc) => {
      const subscriptions = ["over.lap", "over.*", "over.>", "over.lap"].map((subject) => nc.subscribe(subject));
      nc.publish("over.lap", "once");
      for (const subscription of subscriptions) {
        assert.deepEqual((await take(subscription, 1)).map((m) => m.string()), ["once"]);
      }
    }),

  "a queue group delivers each message once": async ({ client, url }) => {
    const total = 2000;
    const members = await Promise.all(Array.from({ length: 4 }, () => client.connect({ servers: url })));
    const counts = members.map(() => 0);
    const seen = new Set();
    for (const [i, member] of members.entries()) {
      member.subscribe("work", {
        queue: "workers",
        callback: (_, message) => {
          counts[i]++;
          seen.add(message.string());
        },
      });
      await member.flush();
    }
    const publisher = await client.connect({ servers: url });
    for (let i = 0; i < total; i++) {
      publisher.publish("work", `${i}`);
    }
    await publisher.flush();
    await Promise.all(members.map((member) => member.flush()));
    assert.equal(seen.size, total);
    assert.equal(counts.reduce((sum, count) => sum + count), total);
    assert.ok(counts.every((count) => count > total / 8), `unfair: ${counts}`);
    await Promise.all([...members, publisher].map((nc) => nc.close()));
  },

  "ten thousand messages in order": ({ connected }) =>
    connected({}, (publisher) =>
      connected({}, async (subscriber) => {
        const total = 10_000;
        const subscription = subscriber.subscribe("order");
        await subscriber.flush();
        for (let i = 0; i < total; i++) {
          publisher.publish("order", `${i}`);
        }
        const messages = await take(subscription, total);
        messages.forEach((message, i) => assert.equal(message.string(), `${i}`));
      }),
    ),

  "unsubscribe": ({ connected }) =>
    connected({}, async (nc) => {
      const subscription = nc.subscribe("left");
      nc.publish("left", "1");
      await nc.flush();
      subscription.unsubscribe();
      nc.publish("left", "2");
      await nc.flush();
      assert.equal(subscription.getReceived(), 1);
    }),

  "unsubscribe after a number of messages": ({ connected }) =>
    connected({}, (publisher) =>
      connected({}, async (nc) => {
        const subscription = nc.subscribe("counted", { max: 5 });
        await nc.flush();
        for (let i = 0; i < 20; i++) {
          publisher.publish("counted", `${i}`);
        }
        await publisher.flush();
        assert.deepEqual((await take(subscription, 5)).map((m) => m.string()), ["0", "1", "2", "3", "4"]);
        await nc.flush();
        assert.equal(nc.stats().inMsgs, 5, "the server sent more than was asked for");
      }),
    ),

  "many subscriptions come and go": ({ connected }) =>
    connected({}, async (nc) => {
      const subscriptions = Array.from({ length: 2000 }, (_, i) => nc.subscribe(`many.${i}`));
      await nc.flush();
      subscriptions.forEach((subscription, i) => i % 2 && subscription.unsubscribe());
      subscriptions.forEach((_, i) => nc.publish(`many.${i}`));
      await nc.flush();
      subscriptions.forEach((subscription, i) => assert.equal(subscription.getReceived(), i % 2 ? 0 : 1));
    }),
});
