/* A maker's backend for libsane with what stock backends cannot be made to do: a sensor for two
   sheets at once, pages shorter or longer than announced, a feeder that runs empty in the middle
   of a page, a number that is no status, a handle that a power cut made stale. Written from the
   SANE 1.x interface; libsane's dll backend finds it through LD_LIBRARY_PATH. FAULT in the
   environment says how it fails. */

#include <stdlib.h>
#include <string.h>

enum { GOOD, UNSUPPORTED, CANCELLED, BUSY, INVAL, END_OF_FILE, JAMMED, NO_DOCS, COVER, IO_ERROR };
enum { BOOL, INT, FIXED, STRING };
enum { SELECT = 1, DETECT = 4, INACTIVE = 32 };
enum { COUNT, SOURCE, MODE, RESOLUTION, ACTION, THICKNESS, DOUBLE_FEED, OPTIONS };
enum { WIDTH = 64, LINES = 40, SHEETS = 3 };

typedef struct { const char *name, *vendor, *model, *kind; } Device;
typedef struct {
    const char *name, *title, *description;
    int kind, unit, size, capabilities, constraint_kind;
    const void *constraint;
} Option;
typedef struct { int format, last_frame, bytes_per_line, pixels_per_line, lines, depth; } Shape;

static const char *sources[] = {"ADF Front", "ADF Back", "ADF Duplex", NULL};
static const char *modes[] = {"Lineart", "Gray", "Color", NULL};
static const char *actions[] = {"Default", "Continue", "Stop", NULL};
static const int resolutions[] = {2, 200, 300};
static const Device device = {"one", "Maker", "Two sheets", "sheetfed scanner"};

static Option options[OPTIONS] = {
    {"", "", "", INT, 0, 4, DETECT, 0, NULL},
    {"source", "", "", STRING, 0, 16, SELECT | DETECT, 3, sources},
    {"mode", "", "", STRING, 0, 16, SELECT | DETECT, 3, modes},
    {"resolution", "", "", INT, 4, 4, SELECT | DETECT, 2, resolutions},
    {"df-action", "", "", STRING, 0, 16, SELECT | DETECT, 3, actions},
    {"df-thickness", "", "", BOOL, 0, 4, SELECT | DETECT | INACTIVE, 0, NULL},
    {"double-feed", "", "", BOOL, 0, 4, DETECT, 0, NULL},
};
static char texts[OPTIONS][16] = {"", "ADF Front", "Lineart", "", "Default"};
static int words[OPTIONS] = {OPTIONS, 0, 0, 200};
static int pages, bytes, was_used;

static int fails(const char *how) {
    const char *fault = getenv("FAULT");
    return fault && !strcmp(fault, how);
}
static int is(int option, const char *value) { return !strcmp(texts[option], value); }
static int line(void) { return is(MODE, "Color") ? 3 * WIDTH : WIDTH; }

int sane_vendor_init(int *version, void *authorise) {
    (void)authorise;
    if (version) *version = 1 << 24;
    return GOOD;
}
void sane_vendor_exit(void) {}
int sane_vendor_get_devices(const Device ***list, int local) {
    static const Device *all[] = {&device, NULL};
    (void)local;
    *list = all;
    return GOOD;
}
int sane_vendor_open(const char *name, void **handle) {
    (void)name;
    pages = was_used = 0;
    *handle = &pages;
    return GOOD;
}
void sane_vendor_close(void *handle) { (void)handle; }
void sane_vendor_cancel(void *handle) {
    (void)handle;
    was_used |= pages > 0;
    pages = 0;
}
const Option *sane_vendor_get_option_descriptor(void *handle, int at) {
    (void)handle;
    return at >= 0 && at < OPTIONS ? &options[at] : NULL;
}
int sane_vendor_control_option(void *handle, int at, int action, void *value, int *info) {
    (void)handle;
    if (at < 0 || at >= OPTIONS || options[at].capabilities & INACTIVE) return INVAL;
    if (action == 0) {
        if (options[at].kind == STRING) strcpy(value, texts[at]);
        else *(int *)value = words[at];
        return GOOD;
    }
    if (!(options[at].capabilities & SELECT)) return INVAL;
    if (options[at].kind == STRING) strncpy(texts[at], value, sizeof texts[at] - 1);
    else words[at] = *(int *)value;
    if (at == ACTION) {
        options[THICKNESS].capabilities = SELECT | DETECT | (is(ACTION, "Default") ? INACTIVE : 0);
        if (info) *info = 2;
    }
    return GOOD;
}
int sane_vendor_get_parameters(void *handle, Shape *shape) {
    (void)handle;
    *shape = (Shape){is(MODE, "Color"), 1, line(), WIDTH, fails("hand") ? -1 : LINES, 8};
    return GOOD;
}
int sane_vendor_start(void *handle) {
    (void)handle;
    int sides = is(SOURCE, "ADF Duplex") ? 2 : 1;
    if (fails("power-cut") && was_used) return IO_ERROR;
    if (pages >= SHEETS * sides) return NO_DOCS;
    if (fails("two-sheets") && pages >= sides && is(ACTION, "Stop") && words[THICKNESS]) {
        words[DOUBLE_FEED] = 1;
        return JAMMED;
    }
    if (fails("unknown") && pages) return 99;
    pages++;
    bytes = 0;
    return GOOD;
}
int sane_vendor_read(void *handle, unsigned char *data, int room, int *count) {
    (void)handle;
    int all = line() * LINES, second = pages == 2;
    if (second && fails("short")) all -= line() / 2;
    if (second && fails("long")) all += line();
    if (second && fails("empty-in-page") && bytes >= all / 2) return NO_DOCS;
    if (second && fails("hand")) all += line() / 2;
    if (bytes >= all) return END_OF_FILE;
    *count = room < 1000 ? room : 1000;
    if (*count > all - bytes) *count = all - bytes;
    memset(data, pages, *count);
    bytes += *count;
    return GOOD;
}
