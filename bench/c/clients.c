// The load of bench/clients made with libnats, the C client. The .NET and the nats.js program take the same arguments, do the same and print
// the same; docs/bench.md says what.
//
//   clients ROLE HOST:PORT SIZE WARMUP_SECONDS SECONDS IN_FLIGHT
//
// Compile with  cc -std=gnu11 -O2 -o clients clients.c -lnats -lpthread

#include <nats/nats.h>

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define SUBJECT "bench"
#define ACKS "bench.ack"
#define USUAL 'a'
#define MARK 'z'
#define BURST 256
#define WINDOW 32768
#define ACK_EVERY 4096
#define IN_FLIGHT_MAX 1024
#define SAMPLES_MAX (1 << 24)
#define PATIENCE_MS 30000

#define OK(call) must((call), #call)

typedef struct
{
    double seconds;
    double cpu_seconds;
} Usage;

static natsConnection *connection;
static char *payload;
static int size;
static double warmup_seconds;
static double measured_seconds;
static int in_flight;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "libnats: %s: %s\n", what, why);
    exit(1);
}

static void must(natsStatus status, const char *what)
{
    if (status != NATS_OK)
        fail(what, natsStatus_GetText(status));
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

static double seconds_of(struct timeval time)
{
    return (double) time.tv_sec + (double) time.tv_usec / 1e6;
}

static Usage usage_now(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (Usage){now(), seconds_of(used.ru_utime) + seconds_of(used.ru_stime)};
}

static long resident_bytes(void)
{
    char line[256];
    long kilobytes = 0;
    FILE *rollup = fopen("/proc/self/smaps_rollup", "r");
    while (rollup != NULL && fgets(line, sizeof(line), rollup) != NULL)
    {
        if (sscanf(line, "Rss: %ld kB", &kilobytes) == 1)
            break;
    }

    if (rollup != NULL)
        fclose(rollup);
    return kilobytes * 1024;
}

static void print_figures(long count, Usage from, Usage to, long rss_bytes, const char *more)
{
    printf(
        "{\"count\":%ld,\"seconds\":%.6f,\"cpu_seconds\":%.6f,\"rss_bytes\":%ld%s}\n",
        count, to.seconds - from.seconds, to.cpu_seconds - from.cpu_seconds, rss_bytes, more);
    fflush(stdout);
}

static void on_error(natsConnection *nc, natsSubscription *sub, natsStatus status, void *closure)
{
    (void) nc, (void) sub, (void) closure;
    fail("the library reports", natsStatus_GetText(status));
}

static void open_connection(const char *server, bool send_asap)
{
    natsOptions *options = NULL;
    char url[256];
    snprintf(url, sizeof(url), "nats://%s", server);
    OK(natsOptions_Create(&options));
    OK(natsOptions_SetURL(options, url));
    OK(natsOptions_SetAllowReconnect(options, false));
    OK(natsOptions_SetErrorHandler(options, on_error, NULL));
    OK(natsOptions_SetSendAsap(options, send_asap));
    OK(natsConnection_Connect(&connection, options));
    natsOptions_Destroy(options);
}

static natsSubscription *subscribe(const char *subject, natsMsgHandler handle)
{
    natsSubscription *subscription = NULL;
    OK(natsConnection_Subscribe(&subscription, connection, subject, handle, NULL));
    OK(natsSubscription_SetPendingLimits(subscription, -1, -1));
    OK(natsConnection_Flush(connection));
    return subscription;
}

// The message that ends a phase: it says how many there were, itself included.
static char *mark(long count)
{
    char *data = malloc((size_t) size + 24);
    int length = snprintf(data, 24, "%c%ld", MARK, count);
    memset(data + length, ' ', (size_t) (size > length ? size - length : 0));
    return data;
}

static bool is_mark(natsMsg *message)
{
    return natsMsg_GetDataLength(message) > 0 && natsMsg_GetData(message)[0] == MARK;
}

static void publish(const char *data)
{
    OK(natsConnection_Publish(connection, SUBJECT, data, size));
}

// publish: where nobody subscribes.

static long publish_for(double seconds)
{
    double end = now() + seconds;
    long count = 0;
    do
    {
        for (int i = 0; i < BURST; i++)
            publish(payload);
        count += BURST;
    } while (now() < end);

    OK(natsConnection_FlushTimeout(connection, PATIENCE_MS));
    return count;
}

static void run_publish(void)
{
    publish_for(warmup_seconds);
    Usage from = usage_now();
    long count = publish_for(measured_seconds);
    print_figures(count, from, usage_now(), resident_bytes(), "");
}

// send: to a receiver that acknowledges, at most a window ahead of it.

static long acknowledged;

static void on_ack(natsConnection *nc, natsSubscription *sub, natsMsg *message, void *closure)
{
    (void) nc, (void) sub, (void) closure;
    pthread_mutex_lock(&lock);
    acknowledged = strtol(natsMsg_GetData(message), NULL, 10);
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    natsMsg_Destroy(message);
}

static void wait_for_acks(long count)
{
    pthread_mutex_lock(&lock);
    while (acknowledged < count)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

static long send_for(double seconds)
{
    double end = now() + seconds;
    long count = 0;
    acknowledged = 0;
    do
    {
        wait_for_acks(count + BURST - WINDOW);
        for (int i = 0; i < BURST; i++)
            publish(payload);
        count += BURST;
    } while (now() < end);

    char *last = mark(++count);
    publish(last);
    free(last);
    OK(natsConnection_FlushTimeout(connection, PATIENCE_MS));
    wait_for_acks(count);
    return count;
}

static void run_send(void)
{
    natsSubscription *acks = subscribe(ACKS, on_ack);
    send_for(warmup_seconds);
    Usage from = usage_now();
    long count = send_for(measured_seconds);
    print_figures(count, from, usage_now(), resident_bytes(), "");
    natsSubscription_Destroy(acks);
}

// receive and respond: both measure from the mark that ends the warm-up to the mark that ends the load.

static long received;
static int marks;
static Usage began;
static Usage ended;
static long measured;

static void wait_for_marks(void)
{
    puts("ready");
    fflush(stdout);
    pthread_mutex_lock(&lock);
    while (marks < 2)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    OK(natsConnection_FlushTimeout(connection, PATIENCE_MS));
    print_figures(measured, began, ended, resident_bytes(), "");
}

// Counts a message and says whether it ends a phase.
static bool count_message(natsMsg *message, bool must_tell_count)
{
    if (natsMsg_GetDataLength(message) != size || (natsMsg_GetData(message)[0] != USUAL && !is_mark(message)))
        fail("received", "a message that was not sent");

    received++;
    if (!is_mark(message))
        return false;

    if (must_tell_count && strtol(natsMsg_GetData(message) + 1, NULL, 10) != received)
        fail("received", "not as many messages as were sent");

    *(marks == 0 ? &began : &ended) = usage_now();
    measured = received;
    return true;
}

static void end_phase(void)
{
    received = 0;
    pthread_mutex_lock(&lock);
    marks++;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}

static void on_message(natsConnection *nc, natsSubscription *sub, natsMsg *message, void *closure)
{
    (void) sub, (void) closure;
    bool last = count_message(message, true);
    natsMsg_Destroy(message);
    if (last || received % ACK_EVERY == 0)
    {
        char text[24];
        snprintf(text, sizeof(text), "%ld", received);
        OK(natsConnection_PublishString(nc, ACKS, text));
    }

    if (last)
        end_phase();
}

static void on_request(natsConnection *nc, natsSubscription *sub, natsMsg *message, void *closure)
{
    (void) sub, (void) closure;
    bool last = count_message(message, false);
    OK(natsConnection_Publish(nc, natsMsg_GetReply(message), natsMsg_GetData(message), natsMsg_GetDataLength(message)));
    natsMsg_Destroy(message);
    if (last)
        end_phase();
}

// request: one at a time by the library's own call, which blocks.

static double phase_end;
static float *latencies;
static long samples;

static void add_sample(double seconds)
{
    if (samples < SAMPLES_MAX)
        latencies[samples] = (float) (seconds * 1e6);
    samples++;
}

static void request(const char *data)
{
    natsMsg *reply = NULL;
    OK(natsConnection_Request(&reply, connection, SUBJECT, data, size, PATIENCE_MS));
    if (natsMsg_GetDataLength(reply) != size || memcmp(natsMsg_GetData(reply), data, (size_t) size) != 0)
        fail("request", "the reply is not what was asked for");
    natsMsg_Destroy(reply);
}

static void request_until_end(void)
{
    for (double start = now(); start < phase_end;)
    {
        request(payload);
        double end = now();
        add_sample(end - start);
        start = end;
    }
}

// More than one in flight: an inbox of our own and a callback that asks again. The call that blocks would need a thread for each, which takes more
// than twice the time.

static natsInbox *inbox;
static double asked[IN_FLIGHT_MAX];
static int waiting;

static void ask(int slot)
{
    char reply[128];
    snprintf(reply, sizeof(reply), "%s.%d", inbox, slot);
    asked[slot] = now();
    OK(natsConnection_PublishRequest(connection, SUBJECT, reply, payload, size));
}

static void on_reply(natsConnection *nc, natsSubscription *sub, natsMsg *message, void *closure)
{
    (void) nc, (void) sub, (void) closure;
    int slot = atoi(natsMsg_GetSubject(message) + strlen(inbox) + 1);
    if (natsMsg_GetDataLength(message) != size || memcmp(natsMsg_GetData(message), payload, (size_t) size) != 0)
        fail("request", "the reply is not what was asked for");

    natsMsg_Destroy(message);
    double end = now();
    add_sample(end - asked[slot]);
    if (end < phase_end)
    {
        ask(slot);
        return;
    }

    pthread_mutex_lock(&lock);
    waiting--;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}

static void request_for(double seconds)
{
    phase_end = now() + seconds;
    samples = 0;
    waiting = in_flight;
    if (in_flight == 1)
    {
        request_until_end();
        return;
    }

    if (inbox == NULL)
    {
        char pattern[128];
        OK(natsInbox_Create(&inbox));
        snprintf(pattern, sizeof(pattern), "%s.*", inbox);
        subscribe(pattern, on_reply);
    }

    for (int i = 0; i < in_flight; i++)
        ask(i);
    pthread_mutex_lock(&lock);
    while (waiting > 0)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

static void end_requests(void)
{
    char *last = mark(0);
    request(last);
    free(last);
}

static int compare(const void *a, const void *b)
{
    float left = *(const float *) a, right = *(const float *) b;
    return (left > right) - (left < right);
}

static void run_request(void)
{
    char more[128];
    latencies = malloc(SAMPLES_MAX * sizeof(float));
    request_for(warmup_seconds);
    end_requests();
    Usage from = usage_now();
    request_for(measured_seconds);
    Usage to = usage_now();
    long rss = resident_bytes();
    end_requests();
    long count = samples;
    size_t kept = (size_t) (count < SAMPLES_MAX ? count : SAMPLES_MAX);
    qsort(latencies, kept, sizeof(float), compare);
    snprintf(more, sizeof(more), ",\"p50_us\":%.1f,\"p99_us\":%.1f", latencies[kept / 2], latencies[kept * 99 / 100]);
    print_figures(count, from, to, rss, more);
}

int main(int argc, char **argv)
{
    if (argc != 7)
        fail("arguments", "ROLE HOST:PORT SIZE WARMUP_SECONDS SECONDS IN_FLIGHT are needed");

    const char *role = argv[1];
    size = atoi(argv[3]);
    warmup_seconds = atof(argv[4]);
    measured_seconds = atof(argv[5]);
    in_flight = atoi(argv[6]);
    if (in_flight < 1 || in_flight > IN_FLIGHT_MAX)
        fail("IN_FLIGHT", "not between 1 and 1024");

    payload = malloc((size_t) size);
    memset(payload, USUAL, (size_t) size);

    // Sending at once is for a replier whose requests come one by one, as the library's documentation says. Where several are in flight it does
    // most for who asks: what is not sent at once waits for up to a millisecond.
    open_connection(argv[2], strcmp(role, in_flight == 1 ? "respond" : "request") == 0);
    if (strcmp(role, "publish") == 0)
        run_publish();
    else if (strcmp(role, "send") == 0)
        run_send();
    else if (strcmp(role, "receive") == 0)
    {
        subscribe(SUBJECT, on_message);
        wait_for_marks();
    }
    else if (strcmp(role, "respond") == 0)
    {
        subscribe(SUBJECT, on_request);
        wait_for_marks();
    }
    else if (strcmp(role, "request") == 0)
        run_request();
    else
        fail(role, "no such role");

    natsConnection_Destroy(connection);
    nats_Close();
    return 0;
}
