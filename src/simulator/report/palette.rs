//! Colours. Charts are drawn with stand-ins, which then give way to CSS variables, so that one chart serves light and dark.

use plotters::style::RGBColor;

/// Lines of up to eight runs; told apart by people who see few colours as well (after M. Okabe and K. Ito, "Color
/// Universal Design", 2008).
pub const SERIES: usize = 8;

/// Lines of the grid: a stand-in and the variable that takes its place.
pub const GRID: (RGBColor, &str) = (RGBColor(1, 2, 1), "var(--grid)");
/// Labels.
pub const TEXT: (RGBColor, &str) = (RGBColor(1, 2, 2), "var(--muted)");
/// What is not to be exceeded.
pub(super) const LIMIT: (RGBColor, &str) = (RGBColor(1, 2, 3), "var(--limit)");
/// How much work there is.
pub(super) const LOAD: (RGBColor, &str) = (RGBColor(1, 2, 4), "var(--load)");

/// The stand-in of a run's colour.
pub fn series(place: usize) -> RGBColor {
    RGBColor(1, 3, (place % SERIES) as u8)
}

/// The variable of a run's colour.
pub fn series_variable(place: usize) -> String {
    format!("var(--series-{})", place % SERIES)
}

/// Puts the variables in the stand-ins' places.
pub fn colour(svg: &str) -> String {
    let fixed = [GRID, TEXT, LIMIT, LOAD];
    let of_series = (0..SERIES).map(|place| (series(place), series_variable(place)));
    let all = fixed.into_iter().map(|(colour, variable)| (colour, variable.to_owned())).chain(of_series);
    all.fold(svg.to_owned(), |svg, (RGBColor(red, green, blue), variable)| {
        svg.replace(&format!("#{red:02X}{green:02X}{blue:02X}"), &variable)
    })
}

/// The variables' values.
pub const STYLE: &str = "
:root { color-scheme: light dark; --page: #f6f7f9; --card: #ffffff; --text: #1c2430; --muted: #5b6675; --line: #dfe3e8;
  --grid: #e6e9ed; --limit: #c62828; --load: #9aa7b5; --good: #1b7f4d; --bad: #c62828;
  --series-0: #0b62c4; --series-1: #d9740b; --series-2: #12866a; --series-3: #a8458f; --series-4: #6b5bd2;
  --series-5: #7a6a00; --series-6: #0d8ba1; --series-7: #555f6b; }
@media (prefers-color-scheme: dark) { :root { --page: #12161c; --card: #1a2029; --text: #e6eaf0; --muted: #9aa7b6;
  --line: #2c3542; --grid: #28303b; --limit: #ff6b6b; --load: #5f6d7d; --good: #4cc38a; --bad: #ff6b6b;
  --series-0: #5aa7ff; --series-1: #ffab4a; --series-2: #45c9a4; --series-3: #e48bcd; --series-4: #a79bff;
  --series-5: #d8c64a; --series-6: #4fd0e6; --series-7: #b4bfcc; } }";
