//! Which interface a build of the extension or of the library has, so that a package of another time can refuse it.

/// Rises with every change that a caller must know of: something taken away, or another meaning given to it.
pub const ABI_VERSION: u32 = 4;

/// Counts what was only added since the version began, from 0.
pub const ABI_REVISION: u32 = 2;
