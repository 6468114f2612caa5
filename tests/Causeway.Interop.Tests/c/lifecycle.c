// Draining, keep-alive, errors of the server. The server runs with max_payload 10000, max_subscriptions 20, a ping
// interval of one second and five pings out.

#include "harness.h"


enum
{
    MaxPayload = 10000,
    MaxSubscriptions = 20,
    SilenceMs = 8000,
};

static void count_message(natsConnection *connection, natsSubscription *subscription, natsMsg *message, void *closure)
{
    natsMsg_Destroy(message);
    counter_add(closure);
}

static void count_event(natsConnection *connection, void *closure)
{
    counter_add(closure);
}

static void flush_and_rtt(void)
{
    natsConnection *connection = connect_with(NULL);
    int64_t nanoseconds = 0;
    uint64_t id = 0;
    char *address = NULL;

    for (int i = 0; i < 100; i++)
        REQUIRE_OK(natsConnection_FlushTimeout(connection, DEADLINE_MS));
    REQUIRE_OK(natsConnection_GetRTT(connection, &nanoseconds));
    REQUIRE(nanoseconds > 0);
    REQUIRE_OK(natsConnection_GetClientID(connection, &id));
    REQUIRE(id > 0);
    REQUIRE_OK(natsConnection_GetClientIP(connection, &address));
    REQUIRE_TEXT("127.0.0.1", address);
    natsConnection_Destroy(connection);
}

static void drain_subscription(void)
{
    static Counter handled = COUNTER_ZERO;
    natsConnection *connection = connect_with(NULL);
    natsConnection *publisher = connect_with(NULL);
    natsSubscription *subscription = NULL;

    REQUIRE_OK(natsConnection_Subscribe(&subscription, connection, "drain", count_message, &handled));
    REQUIRE_OK(natsConnection_Flush(connection));
    for (int i = 0; i < 1000; i++)
        REQUIRE_OK(natsConnection_PublishString(publisher, "drain", "x"));
    REQUIRE_OK(natsConnection_Flush(publisher));
    REQUIRE_OK(natsSubscription_Drain(subscription));
    REQUIRE_OK(natsSubscription_WaitForDrainCompletion(subscription, DEADLINE_MS));
    REQUIRE(counter_value(&handled) == 1000);
    natsSubscription_Destroy(subscription);
    natsConnection_Destroy(publisher);
    natsConnection_Destroy(connection);
}

static void drain_connection(void)
{
    static Counter handled = COUNTER_ZERO;
    static Counter closed = COUNTER_ZERO;
    natsOptions *options = new_options();
    REQUIRE_OK(natsOptions_SetClosedCB(options, count_event, &closed));
    natsConnection *connection = connect_with(options);
    natsConnection *publisher = connect_with(NULL);
    natsSubscription *subscription = NULL;

    REQUIRE_OK(natsConnection_Subscribe(&subscription, connection, "drain", count_message, &handled));
    REQUIRE_OK(natsConnection_Flush(connection));
    for (int i = 0; i < 1000; i++)
        REQUIRE_OK(natsConnection_PublishString(publisher, "drain", "x"));
    REQUIRE_OK(natsConnection_Flush(publisher));
    REQUIRE_OK(natsConnection_Drain(connection));
    REQUIRE(counter_wait(&closed, 1, DEADLINE_MS));
    REQUIRE(counter_value(&handled) == 1000);
    natsSubscription_Destroy(subscription);
    natsConnection_Destroy(publisher);
    natsConnection_Destroy(connection);
}

static void keep_alive(void)
{
    static Counter closed = COUNTER_ZERO;
    natsOptions *passive = new_options();
    REQUIRE_OK(natsOptions_SetAllowReconnect(passive, false));
    REQUIRE_OK(natsOptions_SetPingInterval(passive, 60000));
    REQUIRE_OK(natsOptions_SetClosedCB(passive, count_event, &closed));

    // It asks far more often than the server, and is as patient: its machine may stand still for a moment.
    natsOptions *active = new_options();
    REQUIRE_OK(natsOptions_SetAllowReconnect(active, false));
    REQUIRE_OK(natsOptions_SetPingInterval(active, 100));
    REQUIRE_OK(natsOptions_SetMaxPingsOut(active, 60));
    REQUIRE_OK(natsOptions_SetClosedCB(active, count_event, &closed));
    natsConnection *asked = connect_with(passive);
    natsConnection *asks = connect_with(active);

    // The silence itself is what is tested: it is longer than the server keeps a client that does not answer.
    REQUIRE(!counter_wait(&closed, 1, SilenceMs));
    REQUIRE_OK(natsConnection_Flush(asked));
    REQUIRE_OK(natsConnection_Flush(asks));
    natsConnection_Destroy(asked);
    natsConnection_Destroy(asks);
}

static void large_payload(void)
{
    static char payload[MaxPayload + 1];
    natsConnection *connection = connect_with(NULL);

    REQUIRE(natsConnection_GetMaxPayload(connection) == MaxPayload);
    REQUIRE_OK(natsConnection_Publish(connection, "large", payload, MaxPayload));
    REQUIRE_STATUS(NATS_MAX_PAYLOAD, natsConnection_Publish(connection, "large", payload, MaxPayload + 1));
    REQUIRE_OK(natsConnection_Flush(connection));
    natsConnection_Destroy(connection);
}

static void too_many_subscriptions(void)
{
    static Counter closed = COUNTER_ZERO;
    natsOptions *options = new_options();
    REQUIRE_OK(natsOptions_SetAllowReconnect(options, false));
    REQUIRE_OK(natsOptions_SetClosedCB(options, count_event, &closed));
    natsConnection *connection = connect_with(options);
    natsSubscription *subscriptions[MaxSubscriptions + 1] = {NULL};
    const char *error = NULL;

    // This library closes on every error that it does not know; the server would have gone on.
    for (int i = 0; i <= MaxSubscriptions; i++)
        REQUIRE_OK(natsConnection_SubscribeSync(&subscriptions[i], connection, "limited"));
    REQUIRE(counter_wait(&closed, 1, DEADLINE_MS));
    natsConnection_GetLastError(connection, &error);
    REQUIRE(error != NULL && strstr(error, "maximum subscriptions exceeded") != NULL);
    for (int i = 0; i <= MaxSubscriptions; i++)
        natsSubscription_Destroy(subscriptions[i]);
    natsConnection_Destroy(connection);
}

int main(int argc, char **argv)
{
    static const Check checks[] = {
        {"flush and round trip time", flush_and_rtt},
        {"a drained subscription handles what is on its way", drain_subscription},
        {"a drained connection handles what is on its way and closes", drain_connection},
        {"silent clients stay while both sides answer pings", keep_alive},
        {"a payload over the limit is refused", large_payload},
        {"one subscription too many is reported", too_many_subscriptions},
    };

    return RUN_CHECKS(argc, argv, checks);
}
