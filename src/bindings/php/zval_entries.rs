//! Walks a PHP array's memory in place. Asking PHP for each entry by its functions costs four calls and a copy of the key,
//! which for thousands of rows of dozens of fields is most of the time of a turn.

use ext_php_rs::ffi::{_Bucket as Bucket, IS_INDIRECT, IS_REFERENCE, IS_UNDEF};
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};

/// Zend/zend_hash.h: the array has no keys in memory; a value's position is its key.
const HASH_FLAG_PACKED: u32 = 1 << 2;

/// An array's key.
#[derive(Clone, Copy)]
pub(super) enum Key<'array> {
    Index(i64),
    Name(&'array ZendStr),
}

impl Key<'_> {
    /// The key as a text.
    pub(super) fn to_text(self) -> String {
        match self {
            Self::Index(index) => index.to_string(),
            Self::Name(name) => String::from_utf8_lossy(name.as_bytes()).into_owned(),
        }
    }
}

/// The entries of an array in their order, references followed.
pub(super) struct Entries<'array> {
    array: &'array ZendHashTable,
    position: u32,
}

impl<'array> Entries<'array> {
    pub(super) fn of(array: &'array ZendHashTable) -> Self {
        Self { array, position: 0 }
    }
}

impl<'array> Iterator for Entries<'array> {
    type Item = (Key<'array>, &'array Zval);

    fn next(&mut self) -> Option<Self::Item> {
        while self.position < self.array.nNumUsed {
            let position = self.position;
            self.position += 1;
            let (key, value) = if is_packed(self.array) {
                // SAFETY: a packed array has `nNumUsed` values one after the other, and this position is below that.
                let value: &Zval = unsafe { &*self.array.__bindgen_anon_1.arPacked.add(position as usize) };
                (Key::Index(i64::from(position)), value)
            } else {
                // SAFETY: any other array has `nNumUsed` buckets one after the other; a key is a string or null.
                unsafe {
                    let bucket: &Bucket = &*self.array.__bindgen_anon_1.arData.add(position as usize);
                    let key = bucket.key.as_ref().map_or(Key::Index(bucket.h.cast_signed()), Key::Name);
                    (key, &bucket.val)
                }
            };
            // A removed entry leaves its place behind.
            if type_of(value) != IS_UNDEF {
                return Some((key, followed(value)));
            }
        }
        None
    }
}

/// Whether the keys are 0, 1, 2, … in this order: what PHP calls a list. An empty array is one.
pub(super) fn is_list(array: &ZendHashTable) -> bool {
    if is_packed(array) && array.nNumUsed == array.nNumOfElements {
        return true;
    }
    let mut expected = 0..;
    Entries::of(array).all(|(key, _)| matches!(key, Key::Index(index) if Some(index) == expected.next()))
}

/// What a reference leads to, else the value itself.
pub(super) fn followed(zval: &Zval) -> &Zval {
    if matches!(type_of(zval), IS_REFERENCE | IS_INDIRECT) { zval.dereference() } else { zval }
}

/// The type's number in Zend/zend_types.h, for loops in which ext-php-rs' own test costs more than reading the value.
pub(super) fn type_of(zval: &Zval) -> u32 {
    // SAFETY: both members of the union are the same bytes.
    u32::from(unsafe { zval.u1.v.type_ })
}

fn is_packed(array: &ZendHashTable) -> bool {
    // SAFETY: both members of the union are the same bytes.
    unsafe { array.u.flags & HASH_FLAG_PACKED != 0 }
}
