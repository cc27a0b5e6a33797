/* What a caller asks a library first. Compiled with -DREVISION=N as a library of its own. */

#include "../../include/queue_autoscale.h"

uint32_t qa_abi_version(void)
{
    return QA_ABI_VERSION;
}

uint32_t qa_abi_revision(void)
{
    return REVISION;
}

const char *qa_version(void)
{
    return "0.0.9";
}
