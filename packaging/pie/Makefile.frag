# cargo knows best what is out of date.
.PHONY: $(phplibdir)/queue_autoscale.la

# `make install` copies every modules/*.so, and looks only at the dlname of a .la file.
$(phplibdir)/queue_autoscale.la:
	PHP="$(PHP_EXECUTABLE)" PHP_CONFIG="$(PHP_CONFIG)" $(CARGO) build --release --locked --package queue-autoscale --lib --features extension \
		--manifest-path "$(srcdir)/Cargo.toml" --target-dir "$(builddir)/target"
	$(mkinstalldirs) $(phplibdir)
	cp "$(builddir)"/target/release/libqueue_autoscale.* $(phplibdir)/
	rm -f $(phplibdir)/libqueue_autoscale.d $(phplibdir)/libqueue_autoscale.rlib
	mv $(phplibdir)/libqueue_autoscale.* $(phplibdir)/queue_autoscale.so
	echo "dlname='queue_autoscale.so'" > $@
