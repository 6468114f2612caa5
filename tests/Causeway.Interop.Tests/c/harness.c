#include "harness.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const char *running;
static char **urls;
static int url_count;

int run_checks(int argc, char **argv, const Check *checks, size_t count)
{
    urls = argv + 1;
    url_count = argc - 1;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; i < count; i++)
    {
        running = checks[i].name;
        checks[i].run();
        printf("{\"check\":\"%s\",\"ok\":true}\n", running);
    }

    nats_Close();
    return 0;
}

const char *server_url(int index)
{
    REQUIRE(index < url_count);
    return urls[index];
}

void ask(const char *action)
{
    char answer[64];

    printf("{\"ask\":\"%s\"}\n", action);
    REQUIRE(fgets(answer, sizeof(answer), stdin) != NULL);
}

void fail(const char *file, int line, const char *text, const char *detail)
{
    char error[1024];

    snprintf(error, sizeof(error), "%s:%d: %s: %s", file, line, text, detail);

    // It goes into a JSON string.
    for (char *c = error; *c != '\0'; c++)
    {
        if (*c == '"' || *c == '\\' || (unsigned char) *c < ' ')
            *c = '\'';
    }

    printf("{\"check\":\"%s\",\"ok\":false,\"error\":\"%s\"}\n", running, error);
    fflush(stdout);

    // Not exit(): callbacks may still run on what the failed check had on its stack.
    _exit(1);
}

void counter_add(Counter *counter)
{
    pthread_mutex_lock(&counter->lock);
    counter->value++;
    pthread_cond_broadcast(&counter->changed);
    pthread_mutex_unlock(&counter->lock);
}

int counter_value(Counter *counter)
{
    pthread_mutex_lock(&counter->lock);
    int value = counter->value;
    pthread_mutex_unlock(&counter->lock);
    return value;
}

bool counter_wait(Counter *counter, int value, int deadline_ms)
{
    struct timespec deadline;
    int result = 0;

    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += deadline_ms / 1000;
    deadline.tv_nsec += (deadline_ms % 1000) * 1000000L;
    if (deadline.tv_nsec >= 1000000000L)
    {
        deadline.tv_sec++;
        deadline.tv_nsec -= 1000000000L;
    }

    pthread_mutex_lock(&counter->lock);
    while (counter->value < value && result != ETIMEDOUT)
        result = pthread_cond_timedwait(&counter->changed, &counter->lock, &deadline);
    bool reached = counter->value >= value;
    pthread_mutex_unlock(&counter->lock);
    return reached;
}

natsOptions *new_options(void)
{
    natsOptions *options = NULL;

    REQUIRE_OK(natsOptions_Create(&options));
    REQUIRE_OK(natsOptions_SetURL(options, server_url(0)));

    const char *authority = getenv("CAUSEWAY_TLS_CA");
    if (authority != NULL)
    {
        REQUIRE_OK(natsOptions_SetSecure(options, true));
        REQUIRE_OK(natsOptions_LoadCATrustedCertificates(options, authority));
    }

    // The library's own two seconds are short for a server that has just started on a busy machine.
    REQUIRE_OK(natsOptions_SetTimeout(options, DEADLINE_MS));
    return options;
}

natsConnection *connect_with(natsOptions *options)
{
    natsConnection *connection = NULL;

    if (options == NULL)
        options = new_options();
    natsStatus status = natsConnection_Connect(&connection, options);
    natsOptions_Destroy(options);
    REQUIRE_OK(status);
    return connection;
}

natsMsg *next(natsSubscription *subscription)
{
    natsMsg *message = NULL;

    REQUIRE_OK(natsSubscription_NextMsg(&message, subscription, DEADLINE_MS));
    return message;
}
