/* As much of PKCS#11 2.40 as a module needs that is there to misbehave. */
#include <stddef.h>

typedef unsigned long CK_ULONG;
typedef CK_ULONG CK_RV;
typedef struct { unsigned char major, minor; } CK_VERSION;
typedef struct { CK_ULONG type; void *value; CK_ULONG length; } CK_ATTRIBUTE;
typedef struct { CK_ULONG type; void *parameter; CK_ULONG length; } CK_MECHANISM;
typedef struct { CK_VERSION version; void *functions[68]; } CK_FUNCTION_LIST;
typedef struct {
    CK_VERSION cryptoki;
    unsigned char manufacturer[32];
    CK_ULONG flags;
    unsigned char description[32];
    CK_VERSION library;
} CK_INFO;
typedef struct {
    unsigned char label[32], manufacturer[32], model[16], serial[16];
    CK_ULONG flags, numbers[10];
    CK_VERSION hardware, firmware;
    unsigned char time[16];
} CK_TOKEN_INFO;

enum { CKR_OK = 0, CKR_GENERAL_ERROR = 5, CKR_MECHANISM_INVALID = 0x70 };
enum { CKF_TOKEN_INITIALIZED = 0x400 };

/* Places in the list of functions. */
enum {
    INITIALIZE = 0, FINALIZE = 1, GET_INFO = 2, GET_SLOT_LIST = 4, GET_SLOT_INFO = 5,
    GET_TOKEN_INFO = 6, OPEN_SESSION = 12, CLOSE_SESSION = 13, GET_ATTRIBUTE_VALUE = 24,
    FIND_OBJECTS_INIT = 26, FIND_OBJECTS = 27, FIND_OBJECTS_FINAL = 28, SIGN_INIT = 42, SIGN = 43,
    WAIT_FOR_SLOT_EVENT = 67
};
