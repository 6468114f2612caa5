// Requests and their answers, requests without an answer, and features that the server does not have.

#include "harness.h"

#include <stdlib.h>

static void answer_same(natsConnection *connection, natsSubscription *subscription, natsMsg *message, void *closure)
{
    natsConnection_Publish(
        connection, natsMsg_GetReply(message), natsMsg_GetData(message), natsMsg_GetDataLength(message));
    natsMsg_Destroy(message);
    if (closure != NULL)
        counter_add(closure);
}

static void answer_header(natsConnection *connection, natsSubscription *subscription, natsMsg *message, void *closure)
{
    natsMsg *reply = NULL;
    const char *question = "";

    natsMsgHeader_Get(message, "question", &question);
    natsMsg_Create(&reply, natsMsg_GetReply(message), NULL, "x", 1);
    natsMsgHeader_Set(reply, "answer", question);
    natsConnection_PublishMsg(connection, reply);
    natsMsg_Destroy(reply);
    natsMsg_Destroy(message);
}

static void stay_silent(natsConnection *connection, natsSubscription *subscription, natsMsg *message, void *closure)
{
    natsMsg_Destroy(message);
}

static natsSubscription *serve(natsConnection *connection, const char *subject, natsMsgHandler handler, void *closure)
{
    natsSubscription *subscription = NULL;

    REQUIRE_OK(natsConnection_Subscribe(&subscription, connection, subject, handler, closure));
    REQUIRE_OK(natsConnection_Flush(connection));
    return subscription;
}

static void expect_answers(natsConnection *connection, natsConnection *service, int count)
{
    natsSubscription *subscription = serve(service, "same", answer_same, NULL);
    natsMsg *reply = NULL;
    char number[16];

    for (int i = 0; i < count; i++)
    {
        snprintf(number, sizeof(number), "%d", i);
        REQUIRE_OK(natsConnection_RequestString(&reply, connection, "same", number, DEADLINE_MS));
        REQUIRE_TEXT(number, natsMsg_GetData(reply));
        natsMsg_Destroy(reply);
    }
    natsSubscription_Destroy(subscription);
}

static void request(void)
{
    natsConnection *service = connect_with(NULL);
    natsConnection *connection = connect_with(NULL);

    expect_answers(connection, service, 500);
    expect_answers(connection, connection, 10);
    natsConnection_Destroy(service);
    natsConnection_Destroy(connection);
}

static void old_style(void)
{
    natsOptions *options = new_options();
    REQUIRE_OK(natsOptions_UseOldRequestStyle(options, true));
    natsConnection *connection = connect_with(options);
    natsConnection *service = connect_with(NULL);

    // One subscription for each request, which ends after one message.
    expect_answers(connection, service, 100);
    natsConnection_Destroy(service);
    natsConnection_Destroy(connection);
}

static void headers(void)
{
    natsConnection *connection = connect_with(NULL);
    natsSubscription *subscription = serve(connection, "headers", answer_header, NULL);
    natsMsg *message = NULL;
    natsMsg *reply = NULL;
    const char *value = NULL;

    REQUIRE_OK(natsMsg_Create(&message, "headers", NULL, NULL, 0));
    REQUIRE_OK(natsMsgHeader_Set(message, "question", "why"));
    REQUIRE_OK(natsConnection_RequestMsg(&reply, connection, message, DEADLINE_MS));
    REQUIRE_OK(natsMsgHeader_Get(reply, "answer", &value));
    REQUIRE_TEXT("why", value);
    natsMsg_Destroy(message);
    natsMsg_Destroy(reply);
    natsSubscription_Destroy(subscription);
    natsConnection_Destroy(connection);
}

static void queue_group(void)
{
    static Counter answers = COUNTER_ZERO;
    natsConnection *connection = connect_with(NULL);
    natsSubscription *members[2] = {NULL};
    natsMsg *reply = NULL;

    for (int i = 0; i < 2; i++)
        REQUIRE_OK(natsConnection_QueueSubscribe(&members[i], connection, "group", "q", answer_same, &answers));
    for (int i = 0; i < 50; i++)
    {
        REQUIRE_OK(natsConnection_RequestString(&reply, connection, "group", "x", DEADLINE_MS));
        natsMsg_Destroy(reply);
    }
    REQUIRE_OK(natsConnection_Flush(connection));
    REQUIRE(counter_wait(&answers, 50, DEADLINE_MS));
    for (int i = 0; i < 2; i++)
    {
        REQUIRE_OK(natsSubscription_Drain(members[i]));
        REQUIRE_OK(natsSubscription_WaitForDrainCompletion(members[i], DEADLINE_MS));
        natsSubscription_Destroy(members[i]);
    }
    REQUIRE(counter_value(&answers) == 50);
    natsConnection_Destroy(connection);
}

static void no_responders(void)
{
    natsConnection *connection = connect_with(NULL);
    natsMsg *reply = NULL;

    // Who waited in vain would be told of a timeout.
    REQUIRE_STATUS(NATS_NO_RESPONDERS, natsConnection_RequestString(&reply, connection, "nobody", "x", DEADLINE_MS));
    natsConnection_Destroy(connection);
}

static void no_responders_old_style(void)
{
    natsOptions *options = new_options();
    REQUIRE_OK(natsOptions_UseOldRequestStyle(options, true));
    natsConnection *connection = connect_with(options);
    natsMsg *reply = NULL;

    REQUIRE_STATUS(NATS_NO_RESPONDERS, natsConnection_RequestString(&reply, connection, "nobody", "x", DEADLINE_MS));
    natsConnection_Destroy(connection);
}

static void no_responders_disabled(void)
{
    natsOptions *options = new_options();
    REQUIRE_OK(natsOptions_DisableNoResponders(options, true));
    natsConnection *connection = connect_with(options);
    natsMsg *reply = NULL;

    REQUIRE_STATUS(NATS_TIMEOUT, natsConnection_RequestString(&reply, connection, "nobody", "x", 200));
    natsConnection_Destroy(connection);
}

static void silent_service(void)
{
    natsConnection *connection = connect_with(NULL);
    natsSubscription *subscription = serve(connection, "silent", stay_silent, NULL);
    natsMsg *reply = NULL;

    REQUIRE_STATUS(NATS_TIMEOUT, natsConnection_RequestString(&reply, connection, "silent", "x", 200));
    natsSubscription_Destroy(subscription);
    natsConnection_Destroy(connection);
}

static void jetstream_absent(void)
{
    natsConnection *connection = connect_with(NULL);
    jsCtx *context = NULL;
    jsAccountInfo *account = NULL;
    jsStreamInfo *stream = NULL;
    jsPubAck *ack = NULL;
    jsErrCode code = 0;

    // All of them say "no responders" in the end; the library has its own words for some.
    REQUIRE_OK(natsConnection_JetStream(&context, connection, NULL));
    natsStatus status = js_GetAccountInfo(&account, context, NULL, &code);
    REQUIRE(status == NATS_NO_RESPONDERS || code == JSNotEnabledErr);
    status = js_GetStreamInfo(&stream, context, "orders", NULL, &code);
    REQUIRE(status == NATS_NO_RESPONDERS || code == JSNotEnabledErr);
    REQUIRE_STATUS(NATS_NO_RESPONDERS, js_Publish(&ack, context, "orders", "x", 1, NULL, &code));
    jsCtx_Destroy(context);
    natsConnection_Destroy(connection);
}

static void key_value_absent(void)
{
    natsConnection *connection = connect_with(NULL);
    jsCtx *context = NULL;
    kvStore *bucket = NULL;

    REQUIRE_OK(natsConnection_JetStream(&context, connection, NULL));
    natsStatus status = js_KeyValue(&bucket, context, "settings");
    REQUIRE(status != NATS_OK && status != NATS_TIMEOUT);
    jsCtx_Destroy(context);
    natsConnection_Destroy(connection);
}

int main(int argc, char **argv)
{
    static const Check checks[] = {
        {"request and reply", request},
        {"request and reply of the old style", old_style},
        {"headers go both ways", headers},
        {"a queue group answers once", queue_group},
        {"no responders is reported at once", no_responders},
        {"no responders of the old style", no_responders_old_style},
        {"a client can do without no responders", no_responders_disabled},
        {"a silent service times out", silent_service},
        {"jetstream is absent", jetstream_absent},
        {"key value is absent", key_value_absent},
    };

    return RUN_CHECKS(argc, argv, checks);
}
