/* Logs, and refuses, what a process asks of the network beyond this machine.

   Preloaded (LD_PRELOAD) it stands before the C library for all code of the process, whatever it is
   written in, and for the processes that it starts. A line of the file NETWORK_LOG is a name that
   was looked up, or an address that was connected to, sent to or listened at. Loopback addresses,
   the name localhost and UNIX sockets are passed on without a line. Code that makes system calls
   itself is not seen. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void note(const char *what, const char *where) {
    int before = errno;
    char line[512];
    int length = snprintf(line, sizeof line, "%s %s\n", what, where);
    const char *path = getenv("NETWORK_LOG");
    int file = path ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (length >= (int)sizeof line) length = sizeof line - 1;
    if (file < 0 || write(file, line, length) != length) abort();
    close(file);
    errno = before;
}

__attribute__((constructor)) static void begin(void) {
    note("watched", program_invocation_short_name);
}

static int is_name(const char *host) {
    unsigned char address[sizeof(struct in6_addr)];
    return host && *host && strcmp(host, "localhost") && !inet_aton(host, (void *)address) &&
           inet_pton(AF_INET6, host, address) != 1;
}

/* Whether an address is beyond this machine; if so it is noted. */
static int is_remote(const char *what, const struct sockaddr *address) {
    char shown[INET6_ADDRSTRLEN + 8], number[INET6_ADDRSTRLEN];
    if (!address) return 0;
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *four = (const void *)address;
        if (ntohl(four->sin_addr.s_addr) >> 24 == 127) return 0;
        inet_ntop(AF_INET, &four->sin_addr, number, sizeof number);
        snprintf(shown, sizeof shown, "%s:%d", number, ntohs(four->sin_port));
    } else if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const void *)address;
        const unsigned char *bytes = six->sin6_addr.s6_addr;
        if (IN6_IS_ADDR_LOOPBACK(&six->sin6_addr)) return 0;
        if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr) && bytes[12] == 127) return 0;
        inet_ntop(AF_INET6, &six->sin6_addr, number, sizeof number);
        snprintf(shown, sizeof shown, "%s:%d", number, ntohs(six->sin6_port));
    } else {
        return 0;
    }
    note(what, shown);
    return 1;
}

static int refused(void) {
    errno = ENETUNREACH;
    return -1;
}

#define NEXT(function) \
    static __typeof__(function) *next; \
    if (!next) next = (__typeof__(function) *)dlsym(RTLD_NEXT, #function)

/* -- names -------------------------------------------------------------------------------------- */

int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                struct addrinfo **found) {
    NEXT(getaddrinfo);
    if (is_name(host)) {
        note("name", host);
        return EAI_AGAIN;
    }
    return next(host, service, hints, found);
}

struct hostent *gethostbyname(const char *host) {
    NEXT(gethostbyname);
    if (is_name(host)) {
        note("name", host);
        h_errno = TRY_AGAIN;
        return NULL;
    }
    return next(host);
}

struct hostent *gethostbyname2(const char *host, int family) {
    NEXT(gethostbyname2);
    if (is_name(host)) {
        note("name", host);
        h_errno = TRY_AGAIN;
        return NULL;
    }
    return next(host, family);
}

int gethostbyname_r(const char *host, struct hostent *entry, char *buffer, size_t size,
                    struct hostent **found, int *error) {
    NEXT(gethostbyname_r);
    if (is_name(host)) {
        note("name", host);
        *found = NULL;
        *error = TRY_AGAIN;
        return EAGAIN;
    }
    return next(host, entry, buffer, size, found, error);
}

int gethostbyname2_r(const char *host, int family, struct hostent *entry, char *buffer,
                     size_t size, struct hostent **found, int *error) {
    NEXT(gethostbyname2_r);
    if (is_name(host)) {
        note("name", host);
        *found = NULL;
        *error = TRY_AGAIN;
        return EAGAIN;
    }
    return next(host, family, entry, buffer, size, found, error);
}

int getnameinfo(const struct sockaddr *address, socklen_t length, char *host, socklen_t most,
                char *service, socklen_t most_service, int flags) {
    NEXT(getnameinfo);
    if (host && !(flags & NI_NUMERICHOST) && is_remote("name of", address)) return EAI_AGAIN;
    return next(address, length, host, most, service, most_service, flags);
}

int res_query(const char *host, int class, int type, unsigned char *answer, int size) {
    (void)class, (void)type, (void)answer, (void)size;
    note("name", host);
    return refused();
}

int res_search(const char *host, int class, int type, unsigned char *answer, int size) {
    return res_query(host, class, type, answer, size);
}

int res_nquery(void *state, const char *host, int class, int type, unsigned char *answer,
               int size) {
    (void)state;
    return res_query(host, class, type, answer, size);
}

int res_nsearch(void *state, const char *host, int class, int type, unsigned char *answer,
                int size) {
    (void)state;
    return res_query(host, class, type, answer, size);
}

/* -- addresses ---------------------------------------------------------------------------------- */

int connect(int socket, const struct sockaddr *address, socklen_t length) {
    NEXT(connect);
    return is_remote("connect", address) ? refused() : next(socket, address, length);
}

int bind(int socket, const struct sockaddr *address, socklen_t length) {
    NEXT(bind);
    return is_remote("bind", address) ? refused() : next(socket, address, length);
}

ssize_t sendto(int socket, const void *data, size_t size, int flags,
               const struct sockaddr *address, socklen_t length) {
    NEXT(sendto);
    if (is_remote("send", address)) return refused();
    return next(socket, data, size, flags, address, length);
}

ssize_t sendmsg(int socket, const struct msghdr *message, int flags) {
    NEXT(sendmsg);
    if (is_remote("send", message->msg_name)) return refused();
    return next(socket, message, flags);
}

int sendmmsg(int socket, struct mmsghdr *messages, unsigned int count, int flags) {
    NEXT(sendmmsg);
    for (unsigned int place = 0; place < count; place++)
        if (is_remote("send", messages[place].msg_hdr.msg_name)) return refused();
    return next(socket, messages, count, flags);
}
