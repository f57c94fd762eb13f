//! Citizen service numbers (BSN): what passes their eleven test is no key.
//!
//! The sum of the digits weighted by 9, 8, …, 2 and −1 is divisible by eleven (Logisch Ontwerp GBA; one in eleven numbers
//! passes by chance).

/// Whether a text passes the eleven test of the citizen service number.
///
/// ```
/// use zwerm_intake::is_bsn;
/// assert!(is_bsn("111222333"));
/// assert!(!is_bsn("111222334"));
/// assert!(!is_bsn("000000000"));
/// ```
#[must_use]
pub fn is_bsn(text: &str) -> bool {
    let mut digits = [0_i32; 9];
    let mut count = 0;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {
                let Some(free) = digits.get_mut(count) else {
                    return false;
                };
                *free = i32::from(byte - b'0');
                count += 1;
            }
            b'.' | b' ' | b'-' => {}
            _ => return false,
        }
    }
    if !(8..=9).contains(&count) {
        return false;
    }
    let weights: &[i32] = if count == 9 {
        &[9, 8, 7, 6, 5, 4, 3, 2, -1]
    } else {
        &[8, 7, 6, 5, 4, 3, 2, -1]
    };
    let sum: i32 = digits.iter().zip(weights).map(|(d, w)| d * w).sum();
    sum % 11 == 0 && digits.iter().any(|d| *d != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleven_test() {
        for bsn in ["111222333", "123456782", "12345678 2"] {
            assert!(is_bsn(bsn), "{bsn}");
        }
        for other in ["123456789", "12345", "1234567822", "abcdefghi", "", "0"] {
            assert!(!is_bsn(other), "{other}");
        }
        // eight digits are nine with a zero in front
        for number in 10_000_000..10_000_200 {
            assert_eq!(is_bsn(&number.to_string()), is_bsn(&format!("0{number}")));
        }
    }
}
