//! Elliptic curves by name, with what chips need of them: keys over any generator, PACE's mapping,
//! key agreement, and signatures. Points go in and out as uncompressed bytes.

use std::ops::Add;

use bp256::BrainpoolP256r1;
use bp384::BrainpoolP384r1;
use ecdsa::{EcdsaCurve, Signature, VerifyingKey, signature::hazmat::PrehashVerifier as _};
use elliptic_curve::{
    AffinePoint, CurveAffine as _, CurveArithmetic, FieldBytes, FieldBytesSize, Group as _,
    ProjectivePoint, Scalar,
    array::ArraySize,
    ff::PrimeField as _,
    group::Curve as _,
    ops::Reduce as _,
    point::AffineCoordinates as _,
    sec1::{FromSec1Point, ModulusSize, ToSec1Point},
};
use p256::NistP256;
use p384::NistP384;
use p521::NistP521;
use zeroize::Zeroizing;

/// A curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Curve {
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
    /// brainpoolP256r1: what Vietnamese cards use.
    BrainpoolP256r1,
    /// brainpoolP384r1.
    BrainpoolP384r1,
}

/// A private number; wiped when dropped.
pub(super) type Private = Zeroizing<Vec<u8>>;

/// A key pair over some generator.
pub(super) struct Pair {
    /// The private number.
    pub private: Private,
    /// The public point.
    pub public: Vec<u8>,
}

/// The source of randomness never gave a number that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoRandomness;

/// Calls a function for the types of a curve.
macro_rules! on {
    ($curve:expr, $function:ident($($argument:expr),*)) => {
        match $curve {
            Curve::P256 => $function::<NistP256>($($argument),*),
            Curve::P384 => $function::<NistP384>($($argument),*),
            Curve::P521 => $function::<NistP521>($($argument),*),
            Curve::BrainpoolP256r1 => $function::<BrainpoolP256r1>($($argument),*),
            Curve::BrainpoolP384r1 => $function::<BrainpoolP384r1>($($argument),*),
        }
    };
}

impl Curve {
    const ALL: [Self; 5] =
        [Self::P256, Self::P384, Self::P521, Self::BrainpoolP256r1, Self::BrainpoolP384r1];

    /// By the number of standardised domain parameters (ICAO 9303-11, 9.5.1).
    pub fn of_parameters(number: u8) -> Option<Self> {
        match number {
            12 => Some(Self::P256),
            13 => Some(Self::BrainpoolP256r1),
            15 => Some(Self::P384),
            16 => Some(Self::BrainpoolP384r1),
            18 => Some(Self::P521),
            _ => None,
        }
    }

    /// By its object identifier.
    pub fn of_name(dotted: &str) -> Option<Self> {
        match dotted {
            "1.2.840.10045.3.1.7" => Some(Self::P256),
            "1.3.132.0.34" => Some(Self::P384),
            "1.3.132.0.35" => Some(Self::P521),
            "1.3.36.3.3.2.8.1.1.7" => Some(Self::BrainpoolP256r1),
            "1.3.36.3.3.2.8.1.1.11" => Some(Self::BrainpoolP384r1),
            _ => None,
        }
    }

    /// By its generator, for keys that carry their parameters instead of a name, as issuers of
    /// travel documents must write them (ICAO 9303-12). Computing is always done on the known
    /// curve: parameters made up by somebody else only give a key that verifies nothing.
    pub fn of_generator(point: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|curve| curve.generator() == point)
    }

    pub(super) fn generator(self) -> Vec<u8> {
        on!(self, generator())
    }

    /// A fresh pair over `generator`; none where that is no point of the curve.
    pub(super) fn pair(
        self,
        generator: &[u8],
        random: &dyn Fn(&mut [u8]),
    ) -> Result<Option<Pair>, NoRandomness> {
        let private = on!(self, private(random))?;
        Ok(self.public(&private, generator).map(|public| Pair { private, public }))
    }

    /// The public point of a private number.
    pub(super) fn public(self, private: &[u8], generator: &[u8]) -> Option<Vec<u8>> {
        on!(self, multiplied(private, generator))
    }

    /// PACE's generic mapping: nonce times generator plus the agreed point.
    pub(super) fn mapped(self, nonce: &[u8], private: &[u8], theirs: &[u8]) -> Option<Vec<u8>> {
        on!(self, mapped(nonce, private, theirs))
    }

    /// The agreed secret: the x coordinate of private number times their point.
    pub(super) fn agreed(self, private: &[u8], theirs: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        on!(self, agreed(private, theirs))
    }

    /// Whether `signature`, `r` and `s` of equal length one after the other, is that of the key's
    /// holder over the digest.
    pub(super) fn is_signed(self, public: &[u8], digest: &[u8], signature: &[u8]) -> bool {
        on!(self, is_signed(public, digest, signature)).is_some()
    }

    /// How many bytes a coordinate has.
    pub(super) fn octets(self) -> usize {
        on!(self, octets())
    }
}

fn octets<C: elliptic_curve::Curve>() -> usize {
    FieldBytes::<C>::default().len()
}

fn generator<C>() -> Vec<u8>
where
    C: CurveArithmetic,
    AffinePoint<C>: ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    AffinePoint::<C>::generator().to_sec1_point(false).as_bytes().to_vec()
}

/// A number between one and the order, each equally likely.
fn private<C>(random: &dyn Fn(&mut [u8])) -> Result<Private, NoRandomness>
where
    C: CurveArithmetic,
{
    // On brainpoolP256r1 a third of all tries fails: 200 tries fail only if `random` is broken.
    const TRIES: usize = 200;
    let mut bytes = Zeroizing::new(vec![0_u8; octets::<C>()]);
    let unused = u32::try_from(bytes.len() * 8).unwrap_or(0) - Scalar::<C>::NUM_BITS;
    for _ in 0..TRIES {
        random(&mut bytes);
        if let Some(top) = bytes.first_mut() {
            *top &= 0xFF_u8.checked_shr(unused).unwrap_or(0);
        }
        if scalar::<C>(&bytes).is_some() {
            return Ok(bytes);
        }
    }
    Err(NoRandomness)
}

/// A number below the order and not zero.
fn scalar<C: CurveArithmetic>(bytes: &[u8]) -> Option<Scalar<C>> {
    let bytes = FieldBytes::<C>::try_from(bytes).ok()?;
    let scalar = Scalar::<C>::from_repr(bytes).into_option()?;
    (scalar != Scalar::<C>::default()).then_some(scalar)
}

/// A point of the curve other than infinity.
fn point<C>(bytes: &[u8]) -> Option<ProjectivePoint<C>>
where
    C: CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    // Chips speak uncompressed points only (ICAO 9303-11, 9.4.4).
    (bytes.first() == Some(&4)).then_some(())?;
    let point = ProjectivePoint::<C>::from(AffinePoint::<C>::from_sec1_bytes(bytes).ok()?);
    (!bool::from(point.is_identity())).then_some(point)
}

fn encoded<C>(point: &ProjectivePoint<C>) -> Option<Vec<u8>>
where
    C: CurveArithmetic,
    AffinePoint<C>: ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    if bool::from(point.is_identity()) {
        return None;
    }
    Some(point.to_affine().to_sec1_point(false).as_bytes().to_vec())
}

fn multiplied<C>(private: &[u8], generator: &[u8]) -> Option<Vec<u8>>
where
    C: CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    encoded::<C>(&(point::<C>(generator)? * scalar::<C>(private)?))
}

fn mapped<C>(nonce: &[u8], private: &[u8], theirs: &[u8]) -> Option<Vec<u8>>
where
    C: CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    let mut padded = FieldBytes::<C>::default();
    let start = padded.len().checked_sub(nonce.len())?;
    padded.get_mut(start..)?.copy_from_slice(nonce);
    let nonce = Scalar::<C>::reduce(&padded);
    let agreed = point::<C>(theirs)? * scalar::<C>(private)?;
    encoded::<C>(&(ProjectivePoint::<C>::generator() * nonce + agreed))
}

fn agreed<C>(private: &[u8], theirs: &[u8]) -> Option<Zeroizing<Vec<u8>>>
where
    C: CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    let agreed = point::<C>(theirs)? * scalar::<C>(private)?;
    if bool::from(agreed.is_identity()) {
        return None;
    }
    Some(Zeroizing::new(agreed.to_affine().x().to_vec()))
}

fn is_signed<C>(public: &[u8], digest: &[u8], signature: &[u8]) -> Option<()>
where
    C: EcdsaCurve + CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize + Add<Output: ArraySize<ArrayType<u8>: Copy>>,
{
    let key = VerifyingKey::<C>::from_sec1_bytes(public).ok()?;
    let signature = Signature::<C>::from_slice(signature).ok()?;
    // A digest shorter than the field is a smaller number, not an error.
    let mut padded = vec![0; octets::<C>().saturating_sub(digest.len())];
    padded.extend_from_slice(digest);
    key.verify_prehash(&padded, &signature).ok()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn counting() -> impl Fn(&mut [u8]) {
        let next = Cell::new(1_u8);
        move |bytes: &mut [u8]| {
            for byte in bytes {
                next.set(next.get().wrapping_mul(29).wrapping_add(7));
                *byte = next.get();
            }
        }
    }

    #[test]
    fn both_sides_map_and_agree_to_the_same() {
        let random = counting();
        for curve in Curve::ALL {
            let pair = |generator: &[u8]| curve.pair(generator, &random).unwrap().unwrap();
            let (ours, theirs) = (pair(&curve.generator()), pair(&curve.generator()));
            let nonce = [7; 16];
            let mapped = curve.mapped(&nonce, &ours.private, &theirs.public);
            assert_eq!(mapped, curve.mapped(&nonce, &theirs.private, &ours.public), "{curve:?}");
            let mapped = mapped.unwrap();
            assert_ne!(mapped, curve.generator());
            let (ours, theirs) = (pair(&mapped), pair(&mapped));
            let agreed = curve.agreed(&ours.private, &theirs.public);
            assert_eq!(agreed, curve.agreed(&theirs.private, &ours.public), "{curve:?}");
            assert_eq!(agreed.unwrap().len(), curve.octets());
        }
    }

    #[test]
    fn only_points_of_the_curve_are_taken() {
        for curve in Curve::ALL {
            let good = curve.generator();
            let private = [&vec![0; curve.octets() - 1][..], &[5]].concat();
            assert!(curve.agreed(&private, &good).is_some());
            let mut off = good.clone();
            *off.last_mut().unwrap() ^= 1;
            let compressed = [&[2][..], &good[1..=curve.octets()]].concat();
            for bad in [&off[..], &compressed, &[0], &[], &good[..good.len() - 1]] {
                assert!(curve.agreed(&private, bad).is_none(), "{curve:?} {bad:02X?}");
                assert!(curve.mapped(&[1; 16], &private, bad).is_none(), "{curve:?}");
            }
            let zero = vec![0; curve.octets()];
            assert!(curve.agreed(&zero, &good).is_none(), "{curve:?}");
        }
    }
}
