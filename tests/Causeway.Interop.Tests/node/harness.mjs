// Runs the checks of a scenario one after another and reports each as one line of JSON on standard output:
//   {"check": name, "ok": true} or {"check": name, "ok": false, "error": text}
// A check can ask the test that started it for an action on the server with {"ask": action}; the test answers with a
// line on standard input once it is done.
// Arguments: the client family, then the urls of the servers.

import { createInterface } from "node:readline";
import { load } from "./families.mjs";

const CHECK_DEADLINE_MS = 60_000;

const [familyName, ...urls] = process.argv.slice(2);
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

export async function scenario(checks) {
  const client = await load(familyName);
  const context = {
    client,
    urls,
    url: urls[0],
    ask,
    /** Connects, lets the body use the connection, and closes it whatever happens. */
    async connected(options, body) {
      const connection = await client.connect({ servers: urls[0], ...options });
      try {
        return await body(connection);
      } finally {
        await connection.close();
      }
    },
  };

  let failures = 0;
  for (const [check, run] of Object.entries(checks)) {
    try {
      await within(CHECK_DEADLINE_MS, run(context), check);
      report({ check, ok: true });
    } catch (error) {
      failures++;
      report({ check, ok: false, error: `${error?.stack ?? error}` });
    }
  }

  process.exit(failures === 0 ? 0 : 1);
}

/** The promise's result, or an error that names what was waited for. */
export function within(milliseconds, promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${milliseconds} ms`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** The messages of a subscription until there are as many as expected. */
export async function take(subscription, count) {
  const messages = [];
  const taking = (async () => {
    for await (const message of subscription) {
      messages.push(message);
      if (messages.length === count) {
        return;
      }
    }
    throw new Error(`the subscription ended after ${messages.length} of ${count} messages`);
  })();
  await within(CHECK_DEADLINE_MS / 2, taking, `${count} messages`).catch((error) => {
    throw new Error(`${error.message}; got ${messages.length}`);
  });
  return messages;
}

/** Collects the connection's status events, and waits for one of a type. */
export function watch(connection) {
  const seen = [];
  const waiting = new Map();
  (async () => {
    for await (const status of connection.status()) {
      seen.push(status);
      waiting.get(status.type)?.(status);
    }
  })();
  return {
    seen,
    until: (type) =>
      seen.find((status) => status.type === type) ??
      within(
        CHECK_DEADLINE_MS / 2,
        new Promise((resolve) => waiting.set(type, resolve)),
        `status ${type} (seen: ${seen.map((status) => status.type)})`,
      ),
  };
}

async function ask(action) {
  report({ ask: action });
  const { done } = await answers.next();
  if (done) {
    throw new Error(`the test went away while ${action} was asked for`);
  }
}

function report(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
