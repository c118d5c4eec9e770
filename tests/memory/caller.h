/* caller.h - whose code asked for memory. */
#ifndef TESTS_MEMORY_CALLER_H
#define TESTS_MEMORY_CALLER_H

/* Sanitizers have a malloc of their own, and other C libraries no name for theirs. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#  define HAS_OWN_MALLOC 1
#elif defined(__has_feature)
#  if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
      __has_feature(thread_sanitizer)
#    define HAS_OWN_MALLOC 1
#  endif
#endif
#include <stdlib.h>
#if defined(__GLIBC__) && !defined(HAS_OWN_MALLOC)
#  define CAN_DENY 1
#endif

typedef enum caller { CALLER_UNKNOWN, CALLER_COUNTED, CALLER_ONEDNN, CALLER_LEFT_OUT } caller;

/* Of the code at that address; takes no memory. */
caller caller_of(const void *address);

#endif
