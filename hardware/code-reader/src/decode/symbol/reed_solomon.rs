//! Reed–Solomon correction of errors and erasures over GF(256), as in ISO/IEC 18004 (polynomial
//! x⁸+x⁴+x³+x²+1, first root α⁰).
//!
//! The decoder is Berlekamp–Massey started from the erasures, then Chien's search and Forney's
//! formula (Blahut, *Theory and Practice of Error Control Codes*, 1983, chapters 7 and 9).
//! Which codewords to erase is tried in steps from none to many, the most doubtful first
//! (Forney's generalised minimum distance decoding).
#![expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "exponents are reduced modulo 255 before they index; lengths are those of a block"
)]

use super::Codeword;

/// Powers of α, twice over so that sums of two logarithms need no reduction, and logarithms.
struct Field {
    power: [u8; 510],
    log: [u8; 256],
}

const FIELD: Field = {
    let mut field = Field { power: [0; 510], log: [0; 256] };
    let mut element: u16 = 1;
    let mut exponent = 0;
    while exponent < 255 {
        field.power[exponent] = element as u8;
        field.power[exponent + 255] = element as u8;
        field.log[element as usize] = exponent as u8;
        element <<= 1;
        if element > 255 {
            element ^= 0x11d;
        }
        exponent += 1;
    }
    field
};
static GF: Field = FIELD;

#[inline]
fn times(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 {
        return 0;
    }
    GF.power[usize::from(GF.log[usize::from(a)]) + usize::from(GF.log[usize::from(b)])]
}

/// α to a power.
#[inline]
fn power(exponent: usize) -> u8 {
    GF.power[exponent % 255]
}

fn inverse(a: u8) -> u8 {
    GF.power[255 - usize::from(GF.log[usize::from(a)])]
}

/// A polynomial's value, lowest coefficient first.
fn evaluate(polynomial: &[u8], at: u8) -> u8 {
    polynomial.iter().rev().fold(0, |value, coefficient| times(value, at) ^ coefficient)
}

/// Corrects a block whose last `checks` codewords are its check codewords.
///
/// Gives its values and the evidence for them in bits: a random block is within reach of the
/// correction that was needed with a chance of 2⁻ᵉᵛⁱᵈᵉⁿᶜᵉ.
pub(super) fn correct(block: &[Codeword], checks: usize) -> Option<(Vec<u8>, f32)> {
    let received: Vec<u8> = block.iter().map(|codeword| codeword.value).collect();
    let syndromes = syndromes(&received, checks);
    let mut doubtful: Vec<usize> = (0..block.len()).collect();
    doubtful.sort_by(|a, b| block[*b].doubt.total_cmp(&block[*a].doubt));
    // Two more erasures are worth one error less: odd numbers gain nothing.
    for erased in (0..checks.saturating_sub(1)).step_by(2) {
        let erasures = doubtful.get(..erased)?;
        if let Some(solution) = solve(&syndromes, erasures, received.len()) {
            let evidence = evidence(block.len(), checks, erased, solution.errors);
            if evidence < 8.0 {
                return None;
            }
            let mut values = received;
            for (place, change) in solution.changes {
                values[place] ^= change;
            }
            return Some((values, evidence));
        }
    }
    None
}

/// Redundancy in bits that was not used up: each check codeword brings eight, an erasure takes
/// eight, an error eight and the choice of its place.
fn evidence(length: usize, checks: usize, erased: usize, errors: usize) -> f32 {
    let open = length - erased;
    let places: f32 = (0..errors).map(|nth| ((open - nth) as f32 / (nth + 1) as f32).log2()).sum();
    8.0 * (checks as f32 - erased as f32 - errors as f32) - places
}

fn syndromes(received: &[u8], checks: usize) -> Vec<u8> {
    let at = |root: u8| received.iter().fold(0, |value, codeword| times(value, root) ^ codeword);
    (0..checks).map(|exponent| at(power(exponent))).collect()
}

struct Solution {
    changes: Vec<(usize, u8)>,
    /// Changes that were not among the erasures.
    errors: usize,
}

fn solve(syndromes: &[u8], erasures: &[usize], length: usize) -> Option<Solution> {
    if syndromes.iter().all(|syndrome| *syndrome == 0) {
        return Some(Solution { changes: Vec::new(), errors: 0 });
    }
    let locator = locator(syndromes, erasures, length)?;
    let degree = locator.len() - 1;
    // The product of locator and syndromes, cut off: Forney's evaluator.
    let evaluator: Vec<u8> = (0..syndromes.len())
        .map(|at| (0..=at.min(degree)).fold(0, |sum, k| sum ^ times(locator[k], syndromes[at - k])))
        .collect();
    let mut changes = Vec::with_capacity(degree);
    for place in 0..length {
        let exponent = length - 1 - place;
        let root = power(255 - exponent % 255);
        if evaluate(&locator, root) != 0 {
            continue;
        }
        let slope = derivative_at(&locator, root);
        if slope == 0 {
            return None;
        }
        let change = times(power(exponent), times(evaluate(&evaluator, root), inverse(slope)));
        changes.push((place, change));
    }
    (changes.len() == degree)
        .then(|| Solution { changes, errors: degree - erasures.len() })
        .filter(|solution| explains(syndromes, &solution.changes, length))
}

/// The derivative keeps the odd coefficients only: in this field twice anything is zero.
fn derivative_at(polynomial: &[u8], at: u8) -> u8 {
    let square = times(at, at);
    let odd = polynomial.iter().skip(1).step_by(2).rev();
    odd.fold(0, |value, coefficient| times(value, square) ^ coefficient)
}

/// Whether the changes give exactly the syndromes: nothing that is not a codeword leaves here.
fn explains(syndromes: &[u8], changes: &[(usize, u8)], length: usize) -> bool {
    syndromes.iter().enumerate().all(|(root, syndrome)| {
        let sum = changes.iter().fold(0, |sum, (place, change)| {
            sum ^ times(*change, power((length - 1 - place) * root))
        });
        sum == *syndrome
    })
}

/// The polynomial whose roots tell the wrong places, without trailing zeros. `None` if there are
/// more errors than the checks can tell apart.
fn locator(syndromes: &[u8], erasures: &[usize], length: usize) -> Option<Vec<u8>> {
    let checks = syndromes.len();
    let mut locator = vec![0; checks + 2];
    locator[0] = 1;
    for (index, place) in erasures.iter().enumerate() {
        let factor = power(length - 1 - place);
        for k in (1..=index + 1).rev() {
            locator[k] ^= times(locator[k - 1], factor);
        }
    }
    let erased = erasures.len();
    let (mut degree, mut before) = (erased, locator.clone());
    for step in erased + 1..=checks {
        let discrepancy =
            (0..step).fold(0, |sum, k| sum ^ times(locator[k], syndromes[step - 1 - k]));
        before.rotate_right(1);
        before[0] = 0;
        if discrepancy == 0 {
            continue;
        }
        let mut next = locator.clone();
        next.iter_mut().zip(&before).for_each(|(to, from)| *to ^= times(discrepancy, *from));
        if 2 * degree < step + erased {
            degree = step + erased - degree;
            let scale = inverse(discrepancy);
            before.iter_mut().zip(&locator).for_each(|(to, from)| *to = times(scale, *from));
        }
        locator = next;
    }
    let highest = locator.iter().rposition(|coefficient| *coefficient != 0)?;
    locator.truncate(highest + 1);
    let errors = degree.checked_sub(erased)?;
    (highest == degree && 2 * errors + erased <= checks).then_some(locator)
}
