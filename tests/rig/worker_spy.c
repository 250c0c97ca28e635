/* Something hostile inside a device worker: what a library of a maker could try once it is taken
 * over. Compiled twice by the tests:
 *
 *   cc -DLAUNCHER -DPROGRAM="…" -DSPY="…"       a program in the worker's place, which starts the
 *                                               worker with the spy in it
 *   cc -shared -fPIC -DRESULTS="…" -DTRIES="…"  the spy
 *
 * The worker starts a thread when it has shut itself in; there the spy tries what TRIES names, one
 * a line, and writes "TRY → OK" or "TRY → ERROR" into RESULTS, which it has opened before; and how
 * much the kernel knows of Landlock for the TRY "abi".
 *
 * -DABI=N has the kernel know no more of Landlock than its version N, 0 being a kernel without;
 * -DNO_FILTER has it know no filters of system calls.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef LAUNCHER

int main(int count, char **words) {
    (void)count;
    setenv("LD_PRELOAD", SPY, 1);
    execv(PROGRAM, words);
    return 127;
}

#else

static int results = -1;
static pid_t host;

__attribute__((constructor)) static void begin(void) {
    unsetenv("LD_PRELOAD"); /* not into what the worker starts */
    results = open(RESULTS, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    host = getppid();
}

static int connected(int port, int kind) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int line = socket(AF_INET, kind | SOCK_CLOEXEC, 0);
    if (line < 0)
        return -1;
    int done = kind == SOCK_DGRAM
                   ? (int)sendto(line, "spy", 3, 0, (struct sockaddr *)&to, sizeof to)
                   : connect(line, (struct sockaddr *)&to, sizeof to);
    int why = errno;
    close(line);
    errno = why;
    return done;
}

static int listening(void) {
    struct sockaddr_in at = {.sin_family = AF_INET};
    int line = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (line < 0)
        return -1;
    int done = bind(line, (struct sockaddr *)&at, sizeof at);
    int why = errno;
    close(line);
    errno = why;
    return done;
}

static int opened(const char *path, int how) {
    return open(path, how | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

/* -1 and errno when it is refused. */
static long try(const char *what) {
    int family, kind, protocol, port;
    errno = 0;
    if (sscanf(what, "socket %i %i %i", &family, &kind, &protocol) == 3)
        return socket(family, kind | SOCK_CLOEXEC, protocol);
    if (sscanf(what, "tcp %i", &port) == 1)
        return connected(port, SOCK_STREAM);
    if (sscanf(what, "udp %i", &port) == 1)
        return connected(port, SOCK_DGRAM);
    if (!strcmp(what, "listen"))
        return listening();
    if (!strncmp(what, "read ", 5))
        return opened(what + 5, O_RDONLY);
    if (!strncmp(what, "write ", 6))
        return opened(what + 6, O_WRONLY);
    if (!strncmp(what, "make ", 5))
        return opened(what + 5, O_WRONLY | O_CREAT);
    if (!strncmp(what, "truncate ", 9))
        return truncate(what + 9, 0);
    if (!strcmp(what, "ring"))
        return syscall(SYS_io_uring_setup, 1, NULL);
    if (!strcmp(what, "signal"))
        return kill(host, 0);
    errno = ENOTSUP;
    return -1;
}

static void try_all(void) {
    char all[] = TRIES, *rest = all, *what;
    while ((what = strsep(&rest, "\n"))) {
        if (!strcmp(what, "abi")) {
            long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
            dprintf(results, "abi → %ld\n", abi);
            continue;
        }
        long done = try(what);
        dprintf(results, "%s → %s\n", what, done < 0 ? strerrorname_np(errno) : "OK");
    }
    close(results);
    results = -1;
}

int pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*work)(void *), void *with) {
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) =
        dlsym(RTLD_NEXT, "pthread_create");
    if (results >= 0)
        try_all();
    return real(thread, how, work, with);
}

#if defined(ABI) || defined(NO_FILTER)
long syscall(long number, ...) {
    long (*real)(long, ...) = dlsym(RTLD_NEXT, "syscall");
    long a[6];
    va_list words;
    va_start(words, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(words, long);
    va_end(words);
#ifdef ABI
    if (number == SYS_landlock_create_ruleset && (ABI == 0 || !a[0])) {
        errno = ENOSYS;
        return ABI ? ABI : -1;
    }
#endif
#ifdef NO_FILTER
    if (number == SYS_seccomp) {
        errno = EINVAL;
        return -1;
    }
#endif
    return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
#endif

#endif
