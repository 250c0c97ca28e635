//! EF.COM: which files a chip has. It is not signed; the security object says the same and is.

use crate::{chip::File, tlv};

/// The files that are listed, of those that are of use here.
#[must_use]
pub fn groups(com: &[u8]) -> Option<Vec<File>> {
    let tags = tlv::descend(com, &[0x60, 0x5C])?;
    let known = [
        (0x61, File::Dg1),
        (0x75, File::Dg2),
        (0x6D, File::Dg13),
        (0x6E, File::Dg14),
        (0x6F, File::Dg15),
    ];
    Some(known.into_iter().filter(|(tag, _)| tags.contains(tag)).map(|(_, file)| file).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_list_names_five_files_of_use() {
        let com = hex::decode("60185F0104303130375F36063034303030305C0661756D6E6F63").unwrap();
        let all = [File::Dg1, File::Dg2, File::Dg13, File::Dg14, File::Dg15];
        assert_eq!(groups(&com).unwrap(), all);
        assert_eq!(groups(b"no list"), None);
    }
}
