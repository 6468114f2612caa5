// Runs the checks of a scenario one after another and reports each as one line of JSON on standard output, in the same
// form as the scenarios for Node. Arguments: the urls of the servers.

#ifndef HARNESS_H
#define HARNESS_H

#include <nats/nats.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
    const char *name;
    void (*run)(void);
} Check;

#define RUN_CHECKS(argc, argv, checks) run_checks((argc), (argv), (checks), sizeof(checks) / sizeof((checks)[0]))

int run_checks(int argc, char **argv, const Check *checks, size_t count);

const char *server_url(int index);

/// Asks the test that started this program for an action on the server; returns when it is done.
void ask(const char *action);

/// Reports the check that runs as failed and ends the program.
_Noreturn void fail(const char *file, int line, const char *text, const char *detail);

#define REQUIRE(condition)                                    \
    do                                                        \
    {                                                         \
        if (!(condition))                                     \
            fail(__FILE__, __LINE__, #condition, "is false"); \
    } while (0)

#define REQUIRE_STATUS(expected, call)                                         \
    do                                                                         \
    {                                                                          \
        natsStatus status_ = (call);                                           \
        if (status_ != (expected))                                             \
            fail(__FILE__, __LINE__, #call, natsStatus_GetText(status_));      \
    } while (0)

#define REQUIRE_OK(call) REQUIRE_STATUS(NATS_OK, call)

#define REQUIRE_TEXT(expected, actual)                                         \
    do                                                                         \
    {                                                                          \
        const char *actual_ = (actual);                                        \
        if (actual_ == NULL || strcmp((expected), actual_) != 0)               \
            fail(__FILE__, __LINE__, #actual, actual_ == NULL ? "NULL" : actual_); \
    } while (0)

/// How long anything may take that should happen at once.
#define DEADLINE_MS 30000

/// A number that callbacks on other threads raise and a check waits for. It must be static: the library may call back
/// after the check that gave it has returned.
typedef struct
{
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int value;
} Counter;

#define COUNTER_ZERO {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0}

void counter_add(Counter *counter);
int counter_value(Counter *counter);

/// True once the value has been reached; false at the deadline.
bool counter_wait(Counter *counter, int value, int deadline_ms);

/// Options with the first server's url.
natsOptions *new_options(void);

/// Connects, or fails; takes the options over. NULL means the defaults.
natsConnection *connect_with(natsOptions *options);

/// The next message of a synchronous subscription, or fails.
natsMsg *next(natsSubscription *subscription);

#endif
