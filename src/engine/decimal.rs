//! Numbers in sentences.

use std::fmt;

/// Powers of ten that [`Decimal`] can have as decimals.
const SCALES: [f64; 3] = [1.0, 10.0, 100.0];

/// Beyond this a product with 100 no longer is exact (2^53 ÷ 100, rounded down).
const MAX_EXACT: f64 = 9e13;

/// Digits of the largest number below that, with two decimals, a point and a sign.
const MAX_CHARACTERS: usize = 20;

/// A number rounded to `DECIMALS` (at most two) places.
///
/// The standard library's formatting is exact to the last binary digit, which takes it ten times as long; every pool's
/// decision is explained in every turn.
#[derive(Clone, Copy, Debug)]
pub struct Decimal<const DECIMALS: usize>(pub f64);

impl<const DECIMALS: usize> fmt::Display for Decimal<DECIMALS> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(scale) = SCALES.get(DECIMALS).filter(|_| self.0.abs() < MAX_EXACT) else {
            return write!(formatter, "{:.DECIMALS$}", self.0);
        };
        let mut rest = (self.0.abs() * scale).round() as u64;
        let is_negative = self.0 < 0.0 && rest > 0;
        let mut characters = [b'0'; MAX_CHARACTERS];
        let mut start = MAX_CHARACTERS;
        let mut put = |character| {
            start -= 1;
            characters[start] = character;
        };
        for place in 0.. {
            if place == DECIMALS && DECIMALS > 0 {
                put(b'.');
            }
            put(b'0' + (rest % 10) as u8);
            rest /= 10;
            if rest == 0 && place >= DECIMALS {
                break;
            }
        }
        if is_negative {
            put(b'-');
        }
        formatter.write_str(std::str::from_utf8(&characters[start..]).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_rounded_to_their_decimals() {
        assert_eq!(Decimal::<2>(0.0).to_string(), "0.00");
        assert_eq!(Decimal::<2>(0.004).to_string(), "0.00");
        assert_eq!(Decimal::<2>(-0.004).to_string(), "0.00");
        assert_eq!(Decimal::<2>(-12.345_6).to_string(), "-12.35");
        assert_eq!(Decimal::<1>(9.96).to_string(), "10.0");
        assert_eq!(Decimal::<0>(95.4).to_string(), "95");
        assert_eq!(Decimal::<2>(8.999_999e13).to_string(), "89999990000000.00");
        assert_eq!(Decimal::<1>(1e300).to_string(), format!("{:.1}", 1e300));
        assert_eq!(Decimal::<1>(f64::NAN).to_string(), "NaN");
        assert_eq!(Decimal::<1>(f64::NEG_INFINITY).to_string(), "-inf");
    }

    proptest! {
        #[test]
        fn what_is_written_is_the_number_to_half_a_place(number in any::<f64>()) {
            let written: f64 = Decimal::<2>(number).to_string().parse().unwrap();
            prop_assert!((written - number).abs() <= 0.005 + number.abs() * 1e-15 || !number.is_finite());
        }
    }
}
