// The two families of nats.js behind one set of names: the single package up to version 2, and the modules since 3.
// They differ in how they name errors and where JetStream lives; the rest of their interface is the same.

import { webcrypto } from "node:crypto";

// Node 18 has it, but not as a global, which the newer family expects.
globalThis.crypto ??= webcrypto;

export async function load(name) {
  switch (name) {
    case "nats":
      return legacy(await import("nats"));
    case "nats.ws":
      await haveWebSockets();
      return legacy(await import("nats.ws"));
    case "@nats-io/transport-node":
      return modules(await import("@nats-io/transport-node"), await import("@nats-io/jetstream"));
    case "@nats-io/nats-core": {
      await haveWebSockets();
      const core = await import("@nats-io/nats-core");
      return modules({ ...core, connect: core.wsconnect }, await import("@nats-io/jetstream"));
    }
    default:
      throw new Error(`unknown client family ${name}`);
  }
}

/** What browsers have, and Node before 22 has not. */
async function haveWebSockets() {
  globalThis.WebSocket = (await import("ws")).WebSocket;
}

function legacy(nats) {
  const { connect, headers, createInbox, nkeyAuthenticator, ErrorCode, RequestStrategy } = nats;
  return {
    connect,
    headers,
    createInbox,
    nkeyAuthenticator,
    untilEmptyMessage: RequestStrategy.SentinelMsg,
    isNoResponders: (error) => error.code === ErrorCode.NoResponders,
    isTimeout: (error) => error.code === ErrorCode.Timeout,
    isPayloadTooLarge: (error) => error.code === ErrorCode.MaxPayloadExceeded,
    isJetStreamAbsent: (error) => error.code === ErrorCode.JetStreamNotEnabled,
    jetStreamManager: (connection, options) => connection.jetstreamManager(options),
    jetStreamPublish: (connection, subject, options) => connection.jetstream().publish(subject, undefined, options),
  };
}

function modules(nats, { jetstream, jetstreamManager }) {
  const { connect, headers, createInbox, nkeyAuthenticator, errors } = nats;
  return {
    connect,
    headers,
    createInbox,
    nkeyAuthenticator,
    untilEmptyMessage: "sentinel",
    isNoResponders: (error) =>
      error instanceof errors.NoRespondersError || (error instanceof errors.RequestError && error.isNoResponders()),
    isTimeout: (error) => error instanceof errors.TimeoutError,
    isPayloadTooLarge: (error) => error instanceof errors.InvalidArgumentError && /max_payload/.test(error.message),
    isJetStreamAbsent: (error) => error.name === "JetStreamNotEnabled",
    jetStreamManager: (connection, options) => jetstreamManager(connection, options),
    jetStreamPublish: (connection, subject, options) => jetstream(connection).publish(subject, undefined, options),
  };
}
