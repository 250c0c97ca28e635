//! Which certificates on a token can sign, and which belong to authorities.

use cryptoki::object::{Attribute, AttributeType, CertificateType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use cryptoki::slot::Slot;
use hardware_api::{DeviceError, SigningIdentity};

use crate::certificate;
use crate::module::Module;

/// Most certificates taken from one token; real ones have a handful.
const MOST: usize = 64;

/// The signing certificates on the token in `slot`.
pub(crate) fn all(module: &Module, slot: Slot) -> Result<Vec<SigningIdentity>, DeviceError> {
    let session = module.session(slot)?;
    let token = Token { module, session: &session };
    let keys = token.key_ids()?;
    // Private keys are hidden until login, so their public halves stand for them. A token
    // that shows neither leaves it to the signature to find out.
    let has_key = |stored: &Stored| keys.is_empty() || keys.contains(&stored.id);
    let stored = token.stored()?;
    let with_key = stored.iter().filter(|stored| !stored.id.is_empty() && has_key(stored));
    Ok(with_key.filter_map(|stored| certificate::identity(&stored.id, &stored.der)).collect())
}

/// The authorities' certificates on the token in `slot`, DER.
pub(crate) fn authorities(module: &Module, slot: Slot) -> Result<Vec<Vec<u8>>, DeviceError> {
    let session = module.session(slot)?;
    let stored = Token { module, session: &session }.stored()?;
    Ok(stored.into_iter().map(|it| it.der).filter(|der| certificate::is_authoritys(der)).collect())
}

/// Whether this very certificate is on the token.
pub(crate) fn is_on(
    module: &Module,
    session: &Session,
    identity: &SigningIdentity,
) -> Result<bool, DeviceError> {
    let stored = Token { module, session }.stored()?;
    Ok(stored.iter().any(|it| it.id == identity.id && it.der == identity.certificate))
}

/// A certificate as the token holds it.
struct Stored {
    /// `CKA_ID`, the same for a certificate and its key; authorities' often have none.
    id: Vec<u8>,
    der: Vec<u8>,
}

/// One open token.
struct Token<'a> {
    module: &'a Module,
    session: &'a Session,
}

impl Token<'_> {
    fn stored(&self) -> Result<Vec<Stored>, DeviceError> {
        let found = self.find(&[
            Attribute::Class(ObjectClass::CERTIFICATE),
            Attribute::CertificateType(CertificateType::X_509),
        ])?;
        let mut all = Vec::new();
        for certificate in found.into_iter().take(MOST) {
            all.extend(self.read(certificate)?);
        }
        Ok(all)
    }

    /// The ids of all keys that can be seen without login.
    fn key_ids(&self) -> Result<Vec<Vec<u8>>, DeviceError> {
        let mut ids = Vec::new();
        for class in [ObjectClass::PUBLIC_KEY, ObjectClass::PRIVATE_KEY] {
            for key in self.find(&[Attribute::Class(class)])?.into_iter().take(MOST) {
                ids.extend(self.attributes(key, &[AttributeType::Id])?.into_iter().filter_map(id));
            }
        }
        Ok(ids)
    }

    /// `None` when it has no value.
    fn read(&self, certificate: ObjectHandle) -> Result<Option<Stored>, DeviceError> {
        let wanted = [AttributeType::Id, AttributeType::Value];
        let mut stored = Stored { id: Vec::new(), der: Vec::new() };
        for attribute in self.attributes(certificate, &wanted)? {
            if let Attribute::Id(id) = attribute {
                stored.id = id;
            } else if let Attribute::Value(der) = attribute {
                stored.der = der;
            }
        }
        Ok(Some(stored).filter(|it| !it.der.is_empty()))
    }

    fn find(&self, template: &[Attribute]) -> Result<Vec<ObjectHandle>, DeviceError> {
        self.session.find_objects(template).map_err(self.module.failed())
    }

    fn attributes(
        &self,
        of: ObjectHandle,
        types: &[AttributeType],
    ) -> Result<Vec<Attribute>, DeviceError> {
        self.session.get_attributes(of, types).map_err(self.module.failed())
    }
}

fn id(attribute: Attribute) -> Option<Vec<u8>> {
    if let Attribute::Id(id) = attribute { Some(id) } else { None }
}
