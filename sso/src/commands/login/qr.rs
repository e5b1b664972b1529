//! An address as a picture that a telephone reads.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

/// The picture, for light text on a dark ground, two rows of squares in one row of text; `None` if the address
/// is too long, or the picture does not fit `room` (columns and rows).
pub(super) fn picture(address: &str, room: Option<(usize, usize)>) -> Option<String> {
    let code = QrCode::with_error_correction_level(address, EcLevel::L).ok()?;
    // The renderer draws what it calls dark: here those are the light squares, with the quiet zone around.
    let picture = code
        .render::<Dense1x2>()
        .dark_color(Dense1x2::Light)
        .light_color(Dense1x2::Dark)
        .build();
    let columns = picture.lines().map(|line| line.chars().count()).max()?;
    let rows = picture.lines().count();
    // A line below it is needed for the countdown.
    let fits = room.is_none_or(|(width, height)| columns < width && rows < height);
    fits.then_some(picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_address_fits_45_columns_and_24_rows_and_a_small_terminal_gets_none() {
        let address = "https://device.sso.eu-west-1.amazonaws.com/?user_code=ABCD-EFGH";
        let picture = picture_lines(address, Some((45, 24))).unwrap();
        assert_eq!((picture[0].chars().count(), picture.len()), (41, 21));
        assert!(
            picture[0].chars().all(|c| c == '█'),
            "the quiet zone is light"
        );
        assert!(picture_lines(address, Some((40, 10))).is_none());
        assert!(picture_lines(&"x".repeat(5000), None).is_none());
    }

    fn picture_lines(address: &str, room: Option<(usize, usize)>) -> Option<Vec<String>> {
        picture(address, room).map(|p| p.lines().map(str::to_owned).collect())
    }
}
