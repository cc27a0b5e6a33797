dnl What phpize makes a configure script of: the sources are Rust, so `make` calls cargo, and the rest is as with any extension.

PHP_ARG_ENABLE([queue_autoscale],
  [whether to enable Queue Autoscale],
  [AS_HELP_STRING([--enable-queue_autoscale], [Enable Queue Autoscale])],
  [yes])

PHP_ARG_WITH([cargo],
  [for cargo],
  [AS_HELP_STRING([--with-cargo=FILE], [The file of cargo, where it is not in the PATH])],
  [no],
  [no])

if test "$PHP_QUEUE_AUTOSCALE" != "no"; then
  if test "$PHP_CARGO" != "no" && test "$PHP_CARGO" != "yes"; then
    CARGO="$PHP_CARGO"
  else
    AC_PATH_PROG([CARGO], [cargo], [], [$PATH:$HOME/.cargo/bin])
  fi
  if test -z "$CARGO"; then
    AC_MSG_ERROR([cargo is missing: install Rust with rustup, https://rustup.rs, or name it with --with-cargo=FILE])
  fi
  AC_PATH_PROG([CLANG], [clang])
  if test -z "$CLANG" && test -z "$LIBCLANG_PATH"; then
    AC_MSG_WARN([clang is missing, whose library libclang reads PHP's headers; on Debian: apt-get install clang libclang-dev])
  fi
  PHP_SUBST([CARGO])
  PHP_SUBST([PHP_CONFIG])

  ext_shared=yes
  PHP_MODULES="$PHP_MODULES \$(phplibdir)/queue_autoscale.la"
  PHP_ADD_MAKEFILE_FRAGMENT([$abs_srcdir/Makefile.frag], [$abs_srcdir], [$abs_builddir])
fi
