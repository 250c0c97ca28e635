/* A module before another one, given as -DMODULE="PATH", that is honest but for one thing:
 *   -DCANNOT_HASH    knows no mechanism that hashes
 *   -DCRASHES        reads through a null pointer when it should sign
 *   -DSLEEPS         never comes back from signing
 *   -DSLOW           takes a second and a half for each signature
 *   -DSIGNS_WRONG    spoils the last byte of every signature
 *   -DPULLED         its token leaves when it should sign the second time, called a general error
 */
#include <dlfcn.h>
#include <unistd.h>

#include "pkcs11.h"

enum { CKM_SHA256_RSA_PKCS = 0x40, CKM_ECDSA_SHA256 = 0x1044, CKM_ECDSA_SHA384 = 0x1045 };

static CK_FUNCTION_LIST own, *inner;
#ifdef PULLED
static int signatures;
#endif

typedef CK_RV (*sign_init_fn)(CK_ULONG, CK_MECHANISM *, CK_ULONG);
typedef CK_RV (*sign_fn)(CK_ULONG, void *, CK_ULONG, void *, CK_ULONG *);
typedef CK_RV (*slots_fn)(unsigned char, CK_ULONG *, CK_ULONG *);

static CK_RV sign_init(CK_ULONG session, CK_MECHANISM *mechanism, CK_ULONG key)
{
#ifdef CANNOT_HASH
    if (mechanism->type == CKM_SHA256_RSA_PKCS || mechanism->type == CKM_ECDSA_SHA256
        || mechanism->type == CKM_ECDSA_SHA384)
        return CKR_MECHANISM_INVALID;
#endif
    return ((sign_init_fn)inner->functions[SIGN_INIT])(session, mechanism, key);
}

static CK_RV sign(CK_ULONG session, void *data, CK_ULONG length, void *out, CK_ULONG *out_length)
{
#ifdef CRASHES
    *(volatile char *)NULL;
#endif
#ifdef SLEEPS
    for (;;)
        pause();
#endif
#ifdef SLOW
    if (out != NULL)
        usleep(1500000);
#endif
#ifdef PULLED
    if (out != NULL && ++signatures == 2)
        return CKR_GENERAL_ERROR;
#endif
    CK_RV signed_it = ((sign_fn)inner->functions[SIGN])(session, data, length, out, out_length);
#ifdef SIGNS_WRONG
    if (signed_it == CKR_OK && out != NULL)
        ((unsigned char *)out)[*out_length - 1] ^= 1;
#endif
    return signed_it;
}

static CK_RV get_slot_list(unsigned char present, CK_ULONG *slots, CK_ULONG *count)
{
#ifdef PULLED
    if (present && signatures >= 2) {
        *count = 0;
        return CKR_OK;
    }
#endif
    return ((slots_fn)inner->functions[GET_SLOT_LIST])(present, slots, count);
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list)
{
    void *library = dlopen(MODULE, RTLD_NOW);
    CK_RV (*get)(CK_FUNCTION_LIST **) = library ? dlsym(library, "C_GetFunctionList") : NULL;
    if (get == NULL || get(&inner) != CKR_OK)
        return CKR_GENERAL_ERROR;
    own = *inner;
    own.functions[SIGN_INIT] = sign_init;
    own.functions[SIGN] = sign;
    own.functions[GET_SLOT_LIST] = get_slot_list;
    *list = &own;
    return CKR_OK;
}
