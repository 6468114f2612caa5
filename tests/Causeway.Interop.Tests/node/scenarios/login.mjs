// How clients log in, in every form. The server's users are those of the test that starts this.

import assert from "node:assert/strict";
import { scenario, take, watch } from "../harness.mjs";

// Made for this test alone.
const SEED = "SUAEL2E6CT66OQFWX6WEI52UVBREN2WZCPQAVRGKFFBB7TJ3ELG5GKAFWY";
const LET_IN = { user: "ann", pass: "secret" };

const refused = (error) => /authorization violation/i.test(error.message) || error.code === "AUTHORIZATION_VIOLATION";

async function echoes(nc) {
  const subscription = nc.subscribe("echo");
  nc.publish("echo", "hello");
  assert.deepEqual((await take(subscription, 1)).map((m) => m.string()), ["hello"]);
}

await scenario({
  "a user with a password": ({ connected }) => connected(LET_IN, echoes),

  "a user whose password is kept as a hash": ({ connected }) => connected({ user: "hashed", pass: "secret" }, echoes),

  "an nkey signs the nonce": ({ client, connected }) =>
    connected({ authenticator: client.nkeyAuthenticator(new TextEncoder().encode(SEED)) }, echoes),

  "a token": ({ client, urls }) =>
    client.connect({ servers: urls[1], token: "t0ken" }).then(async (nc) => {
      await echoes(nc);
      await nc.close();
    }),

  "a wrong password, a wrong token and nothing at all are refused": async ({ client, urls }) => {
    await assert.rejects(client.connect({ servers: urls[0], user: "ann", pass: "wrong" }), refused);
    await assert.rejects(client.connect({ servers: urls[0], user: "hashed", pass: "wrong" }), refused);
    await assert.rejects(client.connect({ servers: urls[0] }), refused);
    await assert.rejects(client.connect({ servers: urls[1], token: "wrong" }), refused);
  },

  "a subscription that is not allowed is reported and nothing else is lost": ({ connected }) =>
    connected({ user: "limited", pass: "secret" }, async (nc) => {
      const status = watch(nc);
      nc.subscribe("denied", { callback: () => {} });
      nc.publish("denied", "x");
      await nc.flush();
      await status.until("error");
      await echoes(nc);
      assert.ok(!status.seen.some((s) => s.type === "disconnect"));
    }),

  "a hundred clients with hashed passwords at a time": async ({ client, urls }) => {
    const connections = await Promise.all(
      Array.from({ length: 100 }, () => client.connect({ servers: urls[0], user: "hashed", pass: "secret", maxReconnectAttempts: -1, waitOnFirstConnect: true, reconnectTimeWait: 200 })),
    );
    await Promise.all(connections.map((nc) => nc.flush()));
    await Promise.all(connections.map((nc) => nc.close()));
  },
});
