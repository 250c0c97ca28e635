//! Keys and signatures made by OpenSSL over the bytes `motcua`, and what is altered in them.

use proptest::prelude::*;
use x509_cert::der::asn1::{Any, ObjectIdentifier};

use super::*;

const MESSAGE: &[u8] = b"motcua";

/// brainpoolP256r1, its parameters written out.
const BRAINPOOL: (&str, &str) = (
    "308201333081ec06072a8648ce3d02013081e0020101302c06072a8648ce3d0101022100a9fb57dba1ee\
     a9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377304404207d5a0975fc2c3057eef67530\
     417affe7fb8055c126dc5c6ce94a4b44f330b5d9042026dc5c6ce94a4b44f330b5d9bbd77cbf95841629\
     5cf7e1ce6bccdc18ff8c07b60441048bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453\
     bd9ace3262547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997022100a9fb\
     57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7020101034200043ee559678b\
     5cf8e9f1bdf2e34aabc55acda2c453ed4a6dcc968e97be72f43e4e539b4e1af2d97c68d158b595307ce6\
     6bf1ed0c8733a8c8a1d2b75500378300a7",
    "304402204b55139f4bf420e312e057c483f175ef25d58734471908b54bb49921411de74d022049f3f17b\
     a382ff897e16ddaa5d785d3b1d1bb915b95de3e632922c9efd56e3bb",
);

/// secp521r1, its parameters written out.
const P521: (&str, &str) = (
    "3082025d308201d006072a8648ce3d0201308201c3020101304d06072a8648ce3d0101024201ffffffff\
     ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
     ffffffffffffffffffffffffffffffffffffff30819f044201ffffffffffffffffffffffffffffffffff\
     ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
     fffffffffffc04420051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e1\
     56193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00031500d09e8800291cb8\
     5396cc6717393284aaa0da64ba0481850400c6858e06b70404e9cd9e3ecb662395b4429c648139053fb5\
     21f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd6601\
     1839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c5\
     50b9013fad0761353c7086a272c24088be94769fd16650024201ffffffffffffffffffffffffffffffff\
     fffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb\
     6fb71e9138640902010103818600040173ee4871d2f8b64464cb67399f5ae7033d813c2347fc4e4022ce\
     8af123cb34916bf64cd4bf171c8cb42b3fd2d89594ac8f6430bc44b86371e7385494d76ad6fb5c00a022\
     735782b23776abe8ceda51d1da52fed5422a9494987a558a28d90fe5192fa4863465c9e946be8769b037\
     1ce23d9a0d795ffd2e2bd0fe5610bb5c06e0d04434",
    "308188024201899e1023959d0480bbcaf3014cb2eaf73968cc6ec431b77445fddde0660d6fe619e76677\
     53c77104cb8c8fa2d4fa3a44a83934529ef7310ff2631035953471814e024200a03ee1a55a6f90e2a857\
     1a3ee4a1002e8050e20f650e0d4fdc594abff175c2059d2197176d8f456fc9c37fa4a505a6d6e76fcfa3\
     c2f457a95b8a5cb3815107e352",
);

const RSA_KEY: &str = "30819f300d06092a864886f70d010101050003818d0030818902818100a17e637e054eabfe1efcd46d52\
     54c15963fe1759fc2500a27dcc9c1cb5658954c1824bf8911485296e31e22183a495da7bbac6654e7bbf\
     95aaef4509704830ef861c15faed6e6ab61096a43c6b1eb11ff67797f5aab7e563e159ebae53e657e45d\
     cf63f72612cadad39474b5bc54c5c6cebb96b921306eae93f89570b9561a830203010001";
const RSA_PSS_SHA256: &str = "13a639f888fda43bbd6b1a09cc17a1dc419f9927ec4ba77698e39d085b2f221fd9cb16d3a45677f35902\
     734e3c4b67d6219748f942d624342b5577018c73e761479694d03015d69fa0cc3ebeccb96ae1149ee203\
     9c593ac2b5a7b3d6dfa39eb319e70a0e4cadaa6803eebdb0a60d29f485723a79a7836a06c033295ea9e6\
     187f";
const RSA_PKCS1_SHA1: &str = "44d1001a204c6947b137d8f67a5371359d13952dd5b246118c94406bbdd428a3d2c73a2c87851f81b634\
     37a251fc7903f5b25e3c7007ce6e6af1b741e3cc2c273be2ef9e6960957af302bc6d884c692a49a564a7\
     87a7e82a7a0607436956211e3b54c39de66047c25269c922d4035f56e1fd11f16ef8c293a24fe9172da9\
     1027";

/// The parameters of PSS with SHA-256 and a salt of that many bytes.
fn pss_parameters(mask: &str, salt: u8) -> Any {
    let hash = "300d06096086480165030402010500";
    let mask = format!("301a06092a864886f70d010108{mask}");
    let text = format!("a00f{hash}a11c{mask}a2030201{salt:02x}");
    let length = text.len() / 2;
    Any::from_der(&hex::decode(format!("30{length:02x}{text}")).unwrap()).unwrap()
}

fn algorithm(oid: &str, parameters: Option<Any>) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: ObjectIdentifier::new_unwrap(oid), parameters }
}

fn key(hex: &str) -> PublicKey {
    PublicKey::of_der(&hex::decode(hex).unwrap()).unwrap_or_else(|why| panic!("{why}"))
}

#[test]
fn signatures_of_openssl_are_good_and_altered_ones_are_not() {
    let sha256 = "300d06096086480165030402010500";
    let cases = [
        (BRAINPOOL.0, "1.2.840.10045.4.3.2", None, BRAINPOOL.1),
        (P521.0, "1.2.840.10045.4.3.2", None, P521.1),
        (RSA_KEY, RSA_PSS, Some(pss_parameters(sha256, 32)), RSA_PSS_SHA256),
        (RSA_KEY, "1.2.840.113549.1.1.5", None, RSA_PKCS1_SHA1),
    ];
    for (public, oid, parameters, signature) in cases {
        let algorithm = algorithm(oid, parameters);
        let mut signature = hex::decode(signature).unwrap();
        let verify = |message: &[u8], signature: &[u8]| {
            key(public).verify(&algorithm, None, message, signature)
        };
        assert_eq!(verify(MESSAGE, &signature), Ok(()), "{oid}");
        assert_eq!(verify(b"motcub", &signature), Err(Why::SignatureWrong), "{oid}");
        *signature.last_mut().unwrap() ^= 1;
        assert_eq!(verify(MESSAGE, &signature), Err(Why::SignatureWrong), "{oid}");
        assert_eq!(verify(MESSAGE, &[]), Err(Why::SignatureWrong), "{oid}");
    }
}

#[test]
fn an_algorithm_that_is_not_known_or_not_the_keys_verifies_nothing() {
    let sha1 = "300906052b0e03021a0500";
    let signature = hex::decode(RSA_PSS_SHA256).unwrap();
    let sha256 = "300d06096086480165030402010500";
    let other_mask = pss(&pss_parameters(sha1, 32).to_der().unwrap());
    assert!(other_mask.is_none(), "a mask of another digest");
    for (oid, parameters, why) in [
        ("1.2.3.4", None, Why::UnknownAlgorithm),
        (RSA, None, Why::UnknownAlgorithm),
        (RSA_PSS, None, Why::UnknownAlgorithm),
        (RSA_PSS, Some(pss_parameters(sha256, 20)), Why::SignatureWrong),
        ("1.2.840.10045.4.3.2", None, Why::SignatureWrong),
    ] {
        let outcome = key(RSA_KEY).verify(&algorithm(oid, parameters), None, MESSAGE, &signature);
        assert_eq!(outcome, Err(why), "{oid}");
    }
}

#[test]
fn a_key_on_made_up_parameters_is_no_key() {
    // Another base point: whoever chooses it can make a key to any public point.
    let forged = BRAINPOOL.0.replace("8bd2aeb9", "8bd2aeb8");
    let refused = PublicKey::of_der(&hex::decode(forged).unwrap());
    assert!(matches!(refused, Err(Why::UnknownAlgorithm)));
}

proptest! {
    #[test]
    fn any_key_and_signature_are_borne(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = PublicKey::of_der(&bytes);
        let _ = pss(&bytes);
        let signature = plain(&bytes, 32);
        prop_assert!(signature.is_none_or(|both| both.len() == 64));
        let ecdsa = algorithm("1.2.840.10045.4.3.2", None);
        prop_assert!(key(BRAINPOOL.0).verify(&ecdsa, None, MESSAGE, &bytes).is_err());
    }
}
