/* A module that misbehaves in the way that is chosen when it is compiled:
 *   -DCRASHES       reads through a null pointer when asked for its slots
 *   -DSLEEPS        never comes back from being initialised
 *   -DEXITS         ends the process
 *   -DNO_LIST       says that all is well and gives no functions
 *   -DNO_FUNCTIONS  gives a list in which every function is missing
 *   -DREFUSES       refuses to be initialised
 *   -DHUGE_COUNT    has 2^63 slots
 *   -DHUGE_VALUE    has a token with a certificate of 2^63 bytes
 *   -DBAD_TEXT      calls itself and its empty token by bytes that are no text
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pkcs11.h"

static const CK_ULONG HUGE_NUMBER = 1UL << 63;

static CK_RV initialize(void *arguments)
{
    (void)arguments;
#ifdef SLEEPS
    for (;;)
        pause();
#endif
#ifdef EXITS
    exit(0);
#endif
#ifdef REFUSES
    return CKR_GENERAL_ERROR;
#endif
    return CKR_OK;
}

static CK_RV get_info(CK_INFO *info)
{
    memset(info, 0xFF, sizeof *info);
    info->flags = 0;
    return CKR_OK;
}

static CK_RV get_slot_list(unsigned char present, CK_ULONG *slots, CK_ULONG *count)
{
    (void)present;
#ifdef CRASHES
    *(volatile char *)NULL;
#endif
#ifdef HUGE_COUNT
    *count = HUGE_NUMBER;
    return CKR_OK;
#endif
    if (slots != NULL && *count > 0)
        slots[0] = 7;
    *count = 1;
    return CKR_OK;
}

static CK_RV get_token_info(CK_ULONG slot, CK_TOKEN_INFO *info)
{
    (void)slot;
    memset(info, 0xFF, sizeof *info);
    info->flags = CKF_TOKEN_INITIALIZED;
    return CKR_OK;
}

static CK_RV open_session(CK_ULONG slot, CK_ULONG flags, void *data, void *notify, CK_ULONG *session)
{
    (void)slot, (void)flags, (void)data, (void)notify;
    *session = 1;
    return CKR_OK;
}

static CK_RV find_init(CK_ULONG session, CK_ATTRIBUTE *wanted, CK_ULONG count)
{
    (void)session, (void)wanted, (void)count;
    return CKR_OK;
}

static CK_RV find(CK_ULONG session, CK_ULONG *objects, CK_ULONG most, CK_ULONG *count)
{
    static int given;
    (void)session, (void)most;
    objects[0] = 1;
#ifdef HUGE_VALUE
    *count = given++ == 0;
#else
    (void)given;
    *count = 0;
#endif
    return CKR_OK;
}

static CK_RV done(CK_ULONG session)
{
    (void)session;
    return CKR_OK;
}

static CK_RV get_attributes(CK_ULONG session, CK_ULONG object, CK_ATTRIBUTE *wanted, CK_ULONG count)
{
    (void)session, (void)object;
    for (CK_ULONG at = 0; at < count; at++)
        wanted[at].length = HUGE_NUMBER;
    return CKR_OK;
}

static CK_RV no_event(CK_ULONG flags, CK_ULONG *slot, void *reserved)
{
    (void)flags, (void)slot, (void)reserved;
    return 8; /* CKR_NO_EVENT */
}

static CK_FUNCTION_LIST LIST = {
    .version = { 2, 40 },
#ifndef NO_FUNCTIONS
    .functions = {
        [INITIALIZE] = initialize, [FINALIZE] = initialize, [GET_INFO] = get_info,
        [GET_SLOT_LIST] = get_slot_list, [GET_TOKEN_INFO] = get_token_info,
        [OPEN_SESSION] = open_session, [CLOSE_SESSION] = done,
        [GET_ATTRIBUTE_VALUE] = get_attributes, [FIND_OBJECTS_INIT] = find_init,
        [FIND_OBJECTS] = find, [FIND_OBJECTS_FINAL] = done, [WAIT_FOR_SLOT_EVENT] = no_event,
    },
#endif
};

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list)
{
#ifdef NO_LIST
    *list = NULL;
#else
    *list = &LIST;
#endif
    return CKR_OK;
}
