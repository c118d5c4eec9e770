/* memory_sanitizer.c - only in a build under Clang's MemorySanitizer: LAPACK, which isn't built for
 * it. The linker's --wrap sends calls here; base/memory_sanitizer.c says more. */
#include <lapacke.h>
#include <sanitizer/msan_interface.h>

/* LAPACK compares names that lie on its own stack, where it was never told that they are set. All
 * arrays that it writes to come from dsc_alloc() and are zero before. */
lapack_int __real_LAPACKE_dsyevd_work(int layout, char job, char part, lapack_int n, double *a,
                                      lapack_int lda, double *w, double *work, lapack_int lwork,
                                      lapack_int *iwork, lapack_int liwork);
lapack_int __wrap_LAPACKE_dsyevd_work(int layout, char job, char part, lapack_int n, double *a,
                                      lapack_int lda, double *w, double *work, lapack_int lwork,
                                      lapack_int *iwork, lapack_int liwork);
lapack_int __real_LAPACKE_dgeqrf_work(int layout, lapack_int m, lapack_int n, double *a,
                                      lapack_int lda, double *tau, double *work, lapack_int lwork);
lapack_int __wrap_LAPACKE_dgeqrf_work(int layout, lapack_int m, lapack_int n, double *a,
                                      lapack_int lda, double *tau, double *work, lapack_int lwork);
lapack_int __real_LAPACKE_dorgqr_work(int layout, lapack_int m, lapack_int n, lapack_int k,
                                      double *a, lapack_int lda, const double *tau, double *work,
                                      lapack_int lwork);
lapack_int __wrap_LAPACKE_dorgqr_work(int layout, lapack_int m, lapack_int n, lapack_int k,
                                      double *a, lapack_int lda, const double *tau, double *work,
                                      lapack_int lwork);
lapack_int __real_LAPACKE_dsteqr_work(int layout, char job, lapack_int n, double *d, double *e,
                                      double *z, lapack_int ldz, double *work);
lapack_int __wrap_LAPACKE_dsteqr_work(int layout, char job, lapack_int n, double *d, double *e,
                                      double *z, lapack_int ldz, double *work);

lapack_int __wrap_LAPACKE_dsyevd_work(int layout, char job, char part, lapack_int n, double *a,
                                      lapack_int lda, double *w, double *work, lapack_int lwork,
                                      lapack_int *iwork, lapack_int liwork)
{
    __msan_scoped_disable_interceptor_checks();
    const lapack_int status =
        __real_LAPACKE_dsyevd_work(layout, job, part, n, a, lda, w, work, lwork, iwork, liwork);
    __msan_scoped_enable_interceptor_checks();
    return status;
}

lapack_int __wrap_LAPACKE_dgeqrf_work(int layout, lapack_int m, lapack_int n, double *a,
                                      lapack_int lda, double *tau, double *work, lapack_int lwork)
{
    __msan_scoped_disable_interceptor_checks();
    const lapack_int status = __real_LAPACKE_dgeqrf_work(layout, m, n, a, lda, tau, work, lwork);
    __msan_scoped_enable_interceptor_checks();
    return status;
}

lapack_int __wrap_LAPACKE_dorgqr_work(int layout, lapack_int m, lapack_int n, lapack_int k,
                                      double *a, lapack_int lda, const double *tau, double *work,
                                      lapack_int lwork)
{
    __msan_scoped_disable_interceptor_checks();
    const lapack_int status = __real_LAPACKE_dorgqr_work(layout, m, n, k, a, lda, tau, work, lwork);
    __msan_scoped_enable_interceptor_checks();
    return status;
}

lapack_int __wrap_LAPACKE_dsteqr_work(int layout, char job, lapack_int n, double *d, double *e,
                                      double *z, lapack_int ldz, double *work)
{
    __msan_scoped_disable_interceptor_checks();
    const lapack_int status = __real_LAPACKE_dsteqr_work(layout, job, n, d, e, z, ldz, work);
    __msan_scoped_enable_interceptor_checks();
    return status;
}
