// The server is killed and comes back, or becomes a lame duck beside another server.

#include "harness.h"

static void count_event(natsConnection *connection, void *closure)
{
    counter_add(closure);
}

static natsOptions *quick_options(Counter *reconnected)
{
    natsOptions *options = new_options();

    REQUIRE_OK(natsOptions_SetReconnectWait(options, 50));
    REQUIRE_OK(natsOptions_SetReconnectJitter(options, 10, 10));
    REQUIRE_OK(natsOptions_SetMaxReconnect(options, 1000));
    REQUIRE_OK(natsOptions_SetReconnectedCB(options, count_event, reconnected));
    return options;
}

static void restart(void)
{
    static Counter reconnected = COUNTER_ZERO;
    natsConnection *connection = connect_with(quick_options(&reconnected));
    natsSubscription *plain = NULL;
    natsSubscription *queued = NULL;

    REQUIRE_OK(natsConnection_SubscribeSync(&plain, connection, "restart.*"));
    REQUIRE_OK(natsConnection_QueueSubscribeSync(&queued, connection, "restart.x", "q"));
    REQUIRE_OK(natsConnection_Flush(connection));
    ask("restart");
    REQUIRE(counter_wait(&reconnected, 1, DEADLINE_MS));
    REQUIRE_OK(natsConnection_Flush(connection));
    REQUIRE_OK(natsConnection_PublishString(connection, "restart.x", "back"));
    natsMsg *message = next(plain);
    REQUIRE_TEXT("back", natsMsg_GetData(message));
    natsMsg_Destroy(message);
    message = next(queued);
    REQUIRE_TEXT("back", natsMsg_GetData(message));
    natsMsg_Destroy(message);
    natsSubscription_Destroy(plain);
    natsSubscription_Destroy(queued);
    natsConnection_Destroy(connection);
}

static void lame_duck(void)
{
    static Counter announced = COUNTER_ZERO;
    static Counter reconnected = COUNTER_ZERO;
    const char *servers[] = {server_url(0), server_url(1)};
    char first[128];
    char second[128];
    natsOptions *options = quick_options(&reconnected);
    REQUIRE_OK(natsOptions_SetServers(options, servers, 2));
    REQUIRE_OK(natsOptions_SetNoRandomize(options, true));
    REQUIRE_OK(natsOptions_SetLameDuckModeCB(options, count_event, &announced));
    natsConnection *connection = connect_with(options);
    natsSubscription *subscription = NULL;

    REQUIRE_OK(natsConnection_SubscribeSync(&subscription, connection, "duck"));
    REQUIRE_OK(natsConnection_Flush(connection));
    REQUIRE_OK(natsConnection_GetConnectedServerId(connection, first, sizeof(first)));
    ask("lame-duck");
    REQUIRE(counter_wait(&announced, 1, DEADLINE_MS));
    REQUIRE(counter_wait(&reconnected, 1, DEADLINE_MS));
    REQUIRE_OK(natsConnection_Flush(connection));
    REQUIRE_OK(natsConnection_GetConnectedServerId(connection, second, sizeof(second)));
    REQUIRE(strcmp(first, second) != 0);
    REQUIRE_OK(natsConnection_PublishString(connection, "duck", "elsewhere"));
    natsMsg *message = next(subscription);
    REQUIRE_TEXT("elsewhere", natsMsg_GetData(message));
    natsMsg_Destroy(message);
    natsSubscription_Destroy(subscription);
    natsConnection_Destroy(connection);
}

int main(int argc, char **argv)
{
    static const Check checks[] = {
        {"subscriptions are there again after a restart", restart},
        {"a lame duck is announced and the client goes to the next server", lame_duck},
    };

    return RUN_CHECKS(argc, argv, checks);
}
