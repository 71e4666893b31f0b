/* SPDX-License-Identifier: MIT */
/*
 * Included before everything else in the files that test_interleavings runs:
 * each atomic operation and each lock becomes a step of explore.h.
 */
#ifndef INSTRUMENT_H
#define INSTRUMENT_H

#include "config.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "interleavings/explore.h"

#undef atomic_load
#undef atomic_load_explicit
#undef atomic_store
#undef atomic_store_explicit
#undef atomic_exchange
#undef atomic_exchange_explicit
#undef atomic_compare_exchange_strong
#undef atomic_compare_exchange_strong_explicit
#undef atomic_compare_exchange_weak
#undef atomic_compare_exchange_weak_explicit
#undef atomic_fetch_add
#undef atomic_fetch_add_explicit
#undef atomic_fetch_sub
#undef atomic_fetch_sub_explicit

/* The value before, and then what becomes of it. */
#define EXPLORE_(name, p, change)	__extension__ ({		\
	__typeof__(p) p_ = (p);						\
	explore_step(name, (const void *)(uintptr_t)p_);		\
	__typeof__(((void)0, *p_)) old_ = *p_;				\
	explore_note((uintptr_t)old_);					\
	change;								\
	(old_);								\
})
#define EXPLORE_CAS_(p, expected, desired)	__extension__ ({	\
	__typeof__(p) p_ = (p);						\
	__typeof__(expected) expected_ = (expected);			\
	explore_step("compare and exchange", (const void *)(uintptr_t)p_); \
	__typeof__(((void)0, *p_)) old_ = *p_;				\
	bool same_ = old_ == *expected_;				\
	explore_note((uintptr_t)old_);					\
	if (same_)							\
		*p_ = (desired);					\
	else								\
		*expected_ = old_;					\
	(same_);							\
})

#define atomic_load(p)			EXPLORE_("load", p, (void)0)
#define atomic_load_explicit(p, order)	atomic_load(p)
#define atomic_store(p, value)						\
	((void)EXPLORE_("store", p, *p_ = (value)))
#define atomic_store_explicit(p, value, order)	atomic_store(p, value)
#define atomic_exchange(p, value)					\
	EXPLORE_("exchange", p, *p_ = (value))
#define atomic_exchange_explicit(p, value, order)			\
	atomic_exchange(p, value)
#define atomic_fetch_add(p, n)		EXPLORE_("add", p, *p_ += (n))
#define atomic_fetch_add_explicit(p, n, order)	atomic_fetch_add(p, n)
#define atomic_fetch_sub(p, n)		EXPLORE_("subtract", p, *p_ -= (n))
#define atomic_fetch_sub_explicit(p, n, order)	atomic_fetch_sub(p, n)
#define atomic_compare_exchange_strong(p, expected, desired)		\
	EXPLORE_CAS_(p, expected, desired)
#define atomic_compare_exchange_strong_explicit(p, expected, desired,	\
    order, failing)							\
	EXPLORE_CAS_(p, expected, desired)
#define atomic_compare_exchange_weak(p, expected, desired)		\
	EXPLORE_CAS_(p, expected, desired)
#define atomic_compare_exchange_weak_explicit(p, expected, desired,	\
    order, failing)							\
	EXPLORE_CAS_(p, expected, desired)

/* In the place of port/lock.h. */
#define CMIO_PORT_LOCK_H

struct lock {
	bool	held;
};

static inline bool
cmio__lock_is_free(const void *lock)
{
	return !((const struct lock *)lock)->held;
}

static inline int
cmio__lock_init(struct lock *lock)
{
	lock->held = false;
	return 0;
}

static inline void
cmio__lock(struct lock *lock)
{
	explore_block("lock", lock, cmio__lock_is_free);
	lock->held = true;
}

static inline void
cmio__unlock(struct lock *lock)
{
	if (!lock->held)
		explore_fail("a lock is released that was not held");
	lock->held = false;
}

#endif
