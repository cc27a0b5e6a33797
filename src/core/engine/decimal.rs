//! Numbers in sentences.

use std::fmt::Write;

/// Powers of ten that a number can have as decimals.
const SCALES: [f64; 3] = [1.0, 10.0, 100.0];

/// Beyond this a product with 100 no longer is exact (2^53 ÷ 100, rounded down).
const MAX_EXACT: f64 = 9e13;

/// Digits of the largest count (2^64 − 1); no number below the one above has more, with two decimals and a point.
const MAX_CHARACTERS: usize = 20;

/// Writes `number` rounded to `DECIMALS` (at most two) places.
///
/// The standard library's formatting is exact to the last binary digit, which takes it ten times as long; every pool's
/// decision is explained in every turn.
pub fn push_decimal<const DECIMALS: usize>(text: &mut String, number: f64) {
    let Some(scale) = SCALES.get(DECIMALS).filter(|_| number.abs() < MAX_EXACT) else {
        // Writing into a String never fails.
        let _ = write!(text, "{number:.DECIMALS$}");
        return;
    };
    let rounded = (number.abs() * scale).round() as u64;
    if number < 0.0 && rounded > 0 {
        text.push('-');
    }
    push_digits(text, rounded, DECIMALS);
}

/// Writes a whole number.
pub fn push_count(text: &mut String, number: u64) {
    push_digits(text, number, 0);
}

/// Writes `number` with a point before the last `decimals` digits.
fn push_digits(text: &mut String, number: u64, decimals: usize) {
    let mut characters = [b'0'; MAX_CHARACTERS];
    let mut start = MAX_CHARACTERS;
    let mut rest = number;
    for place in 0.. {
        if place == decimals && decimals > 0 {
            start -= 1;
            characters[start] = b'.';
        }
        start -= 1;
        characters[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 && place >= decimals {
            break;
        }
    }
    text.push_str(std::str::from_utf8(&characters[start..]).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written<const DECIMALS: usize>(number: f64) -> String {
        let mut text = String::new();
        push_decimal::<DECIMALS>(&mut text, number);
        text
    }

    #[test]
    fn numbers_are_rounded_to_their_decimals() {
        assert_eq!(written::<2>(0.0), "0.00");
        assert_eq!(written::<2>(0.004), "0.00");
        assert_eq!(written::<2>(-0.004), "0.00");
        assert_eq!(written::<2>(-12.345_6), "-12.35");
        assert_eq!(written::<1>(9.96), "10.0");
        assert_eq!(written::<0>(95.4), "95");
        assert_eq!(written::<2>(8.999_999e13), "89999990000000.00");
        assert_eq!(written::<1>(1e300), format!("{:.1}", 1e300));
        assert_eq!(written::<1>(f64::NAN), "NaN");
        assert_eq!(written::<1>(f64::NEG_INFINITY), "-inf");
    }

    #[test]
    fn counts_are_written_to_the_largest() {
        let mut text = String::new();
        for count in [0, 7, 10, u64::MAX] {
            push_count(&mut text, count);
            text.push(' ');
        }
        assert_eq!(text, "0 7 10 18446744073709551615 ");
    }

    proptest! {
        #[test]
        fn what_is_written_is_the_number_to_half_a_place(number in any::<f64>()) {
            let read: f64 = written::<2>(number).parse().unwrap();
            prop_assert!((read - number).abs() <= 0.005 + number.abs() * 1e-15 || !number.is_finite());
        }
    }
}
