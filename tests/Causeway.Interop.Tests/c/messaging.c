// Publish and subscribe: payloads, headers, wildcards, queue groups, order, the end of subscriptions.

#include "harness.h"

#include <stdlib.h>

static void expect_text(natsSubscription *subscription, const char *expected)
{
    natsMsg *message = next(subscription);

    REQUIRE_TEXT(expected, natsMsg_GetData(message));
    natsMsg_Destroy(message);
}

static void expect_nothing(natsConnection *connection, natsSubscription *subscription)
{
    uint64_t queued = 0;

    REQUIRE_OK(natsConnection_Flush(connection));
    REQUIRE_OK(natsSubscription_QueuedMsgs(subscription, &queued));
    REQUIRE(queued == 0);
}

static void synchronous(void)
{
    natsConnection *connection = connect_with(NULL);
    natsSubscription *subscription = NULL;

    REQUIRE_OK(natsConnection_SubscribeSync(&subscription, connection, "greetings"));
    REQUIRE_OK(natsConnection_PublishRequestString(connection, "greetings", "answers.here", "hello"));
    natsMsg *message = next(subscription);
    REQUIRE_TEXT("greetings", natsMsg_GetSubject(message));
    REQUIRE_TEXT("answers.here", natsMsg_GetReply(message));
    REQUIRE_TEXT("hello", natsMsg_GetData(message));
    natsMsg_Destroy(message);
    REQUIRE_OK(natsConnection_Publish(connection, "greetings", NULL, 0));
    message = next(subscription);
    REQUIRE(natsMsg_GetDataLength(message) == 0);
    REQUIRE(natsMsg_GetReply(message) == NULL);
    natsMsg_Destroy(message);
    natsSubscription_Destroy(subscription);
    natsConnection_Destroy(connection);
}

static void count_message(natsConnection *connection, natsSubscription *subscription, natsMsg *message, void *closure)
{
    natsMsg_Destroy(message);
    counter_add(closure);
}

static void asynchronous(void)
{
    static Counter received = COUNTER_ZERO;
    natsConnection *connection = connect_with(NULL);
    natsSubscription *subscription = NULL;

    REQUIRE_OK(natsConnection_Subscribe(&subscription, connection, "async.*", count_message, &received));
    for (int i = 0; i < 1000; i++)
        REQUIRE_OK(natsConnection_PublishString(connection, "async.x", "x"));
    REQUIRE(counter_wait(&received, 1000, DEADLINE_MS));
    natsSubscription_Destroy(subscription);
    natsConnection_Destroy(connection);
}

static void payloads(void)
{
    static const int sizes[] = {1, 1023, 1024, 32768, 65536, 262144, 1048576};
    natsConnection *connection = connect_with(NULL);
    natsSubscription *subscription = NULL;
    char *payload = malloc(1048576);

    REQUIRE(natsConnection_GetMaxPayload(connection) == 1048576);
    REQUIRE_OK(natsConnection_SubscribeSync(&subscription, connection, "sizes"));
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
    {
        for (int j = 0; j < sizes[i]; j++)
            payload[j] = (char) (i + j);
        REQUIRE_OK(natsConnection_Publish(connection, "sizes", payload, sizes[i]));
        natsMsg *message = next(subscription);
        REQUIRE(natsMsg_GetDataLength(message) == sizes[i]);
        REQUIRE(memcmp(natsMsg_GetData(message), payload, sizes[i]) == 0);
        natsMsg_Destroy(message);
    }
    free(payload);
    natsSubscription_Destroy(subscription);
    natsConnection_Destroy(connection);
}

static void headers(void)
{
    natsConnection *connection = connect_with(NULL);
    natsSubscription *subscription = NULL;
    natsMsg *message = NULL;
    const char *value = NULL;
    const char **values = NULL;
    int count = 0;

    REQUIRE_OK(natsConnection_HasHeaderSupport(connection));
    REQUIRE_OK(natsConnection_SubscribeSync(&subscription, connection, "headed"));
    REQUIRE_OK(natsMsg_Create(&message, "headed", NULL, "body", 4));
    REQUIRE_OK(natsMsgHeader_Set(message, "one", "1"));
    REQUIRE_OK(natsMsgHeader_Add(message, "many", "a"));
    REQUIRE_OK(natsMsgHeader_Add(message, "many", "b"));
    REQUIRE_OK(natsConnection_PublishMsg(connection, message));
    natsMsg_Destroy(message);

    message = next(subscription);
    REQUIRE_TEXT("body", natsMsg_GetData(message));
    REQUIRE_OK(natsMsgHeader_Get(message, "one", &value));
    REQUIRE_TEXT("1", value);
    REQUIRE_OK(natsMsgHeader_Values(message, "many", &values, &count));
    REQUIRE(count == 2);
    REQUIRE_TEXT("a", values[0]);
    REQUIRE_TEXT("b", values[1]);
    free(values);
    natsMsg_Destroy(message);
    natsSubscription_Destroy(subscription);
    natsConnection_Destroy(connection);
}

static void wildcards(void)
{
    static const char *subjects[] = {"w", "w.a", "w.a.z", "w.b.z", "w.a.z.z", "x.a.z"};
    natsConnection *connection = connect_with(NULL);
    natsSubscription *one = NULL;
    natsSubscription *rest = NULL;

    REQUIRE_OK(natsConnection_SubscribeSync(&one, connection, "w.*.z"));
    REQUIRE_OK(natsConnection_SubscribeSync(&rest, connection, "w.>"));
    for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
        REQUIRE_OK(natsConnection_PublishString(connection, subjects[i], subjects[i]));
    expect_text(one, "w.a.z");
    expect_text(one, "w.b.z");
    expect_nothing(connection, one);
    expect_text(rest, "w.a");
    expect_text(rest, "w.a.z");
    expect_text(rest, "w.b.z");
    expect_text(rest, "w.a.z.z");
    expect_nothing(connection, rest);
    natsSubscription_Destroy(one);
    natsSubscription_Destroy(rest);
    natsConnection_Destroy(connection);
}

static void queue_group(void)
{
    enum { Members = 3, Messages = 900 };
    static Counter received[Members] = {COUNTER_ZERO, COUNTER_ZERO, COUNTER_ZERO};
    natsConnection *connections[Members] = {NULL};
    natsSubscription *subscriptions[Members] = {NULL};
    natsConnection *publisher = connect_with(NULL);
    int total = 0;

    for (int i = 0; i < Members; i++)
    {
        connections[i] = connect_with(NULL);
        REQUIRE_OK(natsConnection_QueueSubscribe(
            &subscriptions[i], connections[i], "work", "workers", count_message, &received[i]));
        REQUIRE_OK(natsConnection_Flush(connections[i]));
    }
    for (int i = 0; i < Messages; i++)
        REQUIRE_OK(natsConnection_PublishString(publisher, "work", "x"));
    REQUIRE_OK(natsConnection_Flush(publisher));
    for (int i = 0; i < Members; i++)
    {
        // Everything is in the client after the flush; the callbacks may still run.
        REQUIRE_OK(natsConnection_Flush(connections[i]));
        REQUIRE_OK(natsSubscription_Drain(subscriptions[i]));
        REQUIRE_OK(natsSubscription_WaitForDrainCompletion(subscriptions[i], DEADLINE_MS));
        REQUIRE(counter_value(&received[i]) > Messages / Members / 2);
        total += counter_value(&received[i]);
        natsSubscription_Destroy(subscriptions[i]);
        natsConnection_Destroy(connections[i]);
    }
    REQUIRE(total == Messages);
    natsConnection_Destroy(publisher);
}

static void order(void)
{
    enum { Messages = 10000 };
    natsConnection *publisher = connect_with(NULL);
    natsConnection *subscriber = connect_with(NULL);
    natsSubscription *subscription = NULL;
    char number[16];

    REQUIRE_OK(natsConnection_SubscribeSync(&subscription, subscriber, "order"));
    REQUIRE_OK(natsConnection_Flush(subscriber));
    for (int i = 0; i < Messages; i++)
    {
        snprintf(number, sizeof(number), "%d", i);
        REQUIRE_OK(natsConnection_PublishString(publisher, "order", number));
    }
    for (int i = 0; i < Messages; i++)
    {
        snprintf(number, sizeof(number), "%d", i);
        expect_text(subscription, number);
    }
    natsSubscription_Destroy(subscription);
    natsConnection_Destroy(subscriber);
    natsConnection_Destroy(publisher);
}

static void unsubscribe(void)
{
    natsConnection *publisher = connect_with(NULL);
    natsConnection *connection = connect_with(NULL);
    natsSubscription *subscription = NULL;
    natsStatistics *statistics = NULL;
    uint64_t messages = 0;

    REQUIRE_OK(natsConnection_SubscribeSync(&subscription, connection, "left"));
    REQUIRE_OK(natsSubscription_Unsubscribe(subscription));
    REQUIRE_OK(natsConnection_Flush(connection));
    REQUIRE_OK(natsConnection_PublishString(publisher, "left", "x"));
    REQUIRE_OK(natsConnection_Flush(publisher));
    REQUIRE_OK(natsConnection_Flush(connection));
    REQUIRE_OK(natsStatistics_Create(&statistics));
    REQUIRE_OK(natsConnection_GetStats(connection, statistics));
    REQUIRE_OK(natsStatistics_GetCounts(statistics, &messages, NULL, NULL, NULL, NULL));
    REQUIRE(messages == 0);
    natsStatistics_Destroy(statistics);
    natsSubscription_Destroy(subscription);
    natsConnection_Destroy(connection);
    natsConnection_Destroy(publisher);
}

static void auto_unsubscribe(void)
{
    natsConnection *publisher = connect_with(NULL);
    natsConnection *connection = connect_with(NULL);
    natsSubscription *subscription = NULL;
    natsMsg *message = NULL;

    REQUIRE_OK(natsConnection_SubscribeSync(&subscription, connection, "counted"));
    REQUIRE_OK(natsSubscription_AutoUnsubscribe(subscription, 3));
    REQUIRE_OK(natsConnection_Flush(connection));
    for (int i = 0; i < 10; i++)
        REQUIRE_OK(natsConnection_PublishString(publisher, "counted", "x"));
    REQUIRE_OK(natsConnection_Flush(publisher));
    for (int i = 0; i < 3; i++)
        expect_text(subscription, "x");
    REQUIRE_STATUS(NATS_MAX_DELIVERED_MSGS, natsSubscription_NextMsg(&message, subscription, DEADLINE_MS));
    natsSubscription_Destroy(subscription);
    natsConnection_Destroy(connection);
    natsConnection_Destroy(publisher);
}

static void no_echo(void)
{
    natsOptions *options = new_options();
    REQUIRE_OK(natsOptions_SetNoEcho(options, true));
    natsConnection *quiet = connect_with(options);
    natsConnection *other = connect_with(NULL);
    natsSubscription *own = NULL;

    REQUIRE_OK(natsConnection_SubscribeSync(&own, quiet, "echo"));
    REQUIRE_OK(natsConnection_PublishString(quiet, "echo", "from quiet"));
    REQUIRE_OK(natsConnection_Flush(quiet));
    REQUIRE_OK(natsConnection_PublishString(other, "echo", "from other"));
    expect_text(own, "from other");
    expect_nothing(quiet, own);
    natsSubscription_Destroy(own);
    natsConnection_Destroy(quiet);
    natsConnection_Destroy(other);
}

static void modes(void)
{
    for (int i = 0; i < 4; i++)
    {
        natsOptions *options = new_options();
        REQUIRE_OK(natsOptions_SetVerbose(options, (i & 1) != 0));
        REQUIRE_OK(natsOptions_SetPedantic(options, (i & 2) != 0));
        natsConnection *connection = connect_with(options);
        natsSubscription *subscription = NULL;

        REQUIRE_OK(natsConnection_SubscribeSync(&subscription, connection, "mode"));
        REQUIRE_OK(natsConnection_PublishString(connection, "mode", "x"));
        expect_text(subscription, "x");
        expect_nothing(connection, subscription);
        natsSubscription_Destroy(subscription);
        natsConnection_Destroy(connection);
    }
}

int main(int argc, char **argv)
{
    static const Check checks[] = {
        {"synchronous subscription", synchronous},
        {"asynchronous subscription", asynchronous},
        {"payloads of all sizes up to the limit", payloads},
        {"headers", headers},
        {"wildcards", wildcards},
        {"a queue group delivers each message once", queue_group},
        {"ten thousand messages in order", order},
        {"unsubscribe", unsubscribe},
        {"unsubscribe after a number of messages", auto_unsubscribe},
        {"no echo", no_echo},
        {"verbose and pedantic", modes},
    };

    return RUN_CHECKS(argc, argv, checks);
}
