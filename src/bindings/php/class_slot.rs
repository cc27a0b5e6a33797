//! Where a class that is registered by hand is found again.

use ext_php_rs::args::ArgInfoTables;
use ext_php_rs::builders::ClassBuilder;
use ext_php_rs::error::Error;
use ext_php_rs::zend::ClassEntry;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

/// The class entry that PHP made of a class, from module start-up on.
pub(super) struct ClassSlot(AtomicPtr<ClassEntry>);

impl ClassSlot {
    pub(super) const fn empty() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()))
    }
}

/// A class, or an interface, that is registered by hand in the module's start-up.
pub(super) trait PhpClass {
    /// Its full name in PHP.
    const NAME: &'static str;

    /// Where its entry is kept.
    fn slot() -> &'static ClassSlot;

    /// Its entry.
    fn entry() -> Result<&'static ClassEntry, Error> {
        // SAFETY: the slot is empty or holds what PHP gave at start-up, which lives as long as the module.
        unsafe { Self::slot().0.load(Ordering::Acquire).as_ref() }.ok_or(Error::InvalidPointer)
    }
}

/// Registers `class` as `T`.
pub(super) fn register<T: PhpClass>(class: ClassBuilder) -> Result<(), Error> {
    fn keep<T: PhpClass>(entry: &'static mut ClassEntry, arguments: ArgInfoTables) {
        T::slot().0.store(entry, Ordering::Release);
        // PHP points into the tables as long as the process lives.
        std::mem::forget(arguments);
    }
    class.registration(keep::<T>).register()
}

/// The entry of a class of another extension, which is exported by the symbol `name`.
pub(super) fn foreign_entry(name: &std::ffi::CStr) -> Option<&'static ClassEntry> {
    // SAFETY: `name` is a NUL-terminated string. The symbol, where PHP has it, is a variable that points to a class
    // entry, or to nothing as long as that class is not registered.
    unsafe {
        let variable = libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()).cast::<*mut ClassEntry>();
        variable.as_ref()?.as_ref()
    }
}
