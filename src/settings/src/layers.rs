//! Layers of settings, merged key by key; the last one that sets a key wins.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::de::DeserializeOwned;
use toml::{Table, Value};

/// Settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// A file cannot be read. Caller: check its path and rights.
    #[error("could not read settings from {}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A layer is no TOML. Caller: mend the line it names.
    #[error("settings in {layer} are not well-formed")]
    Syntax {
        /// Which layer.
        layer: String,
        /// Where and why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A key is unknown, missing, or has a value that cannot be. Caller: mend that key.
    #[error("settings of {layers} do not fit")]
    Meaning {
        /// Which were merged, lowest first.
        layers: String,
        /// Which key and why.
        #[source]
        source: Box<toml::de::Error>,
    },
}

/// One layer: its name for people, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// Such as `config/default.toml`.
    pub name: String,
    /// TOML.
    pub text: String,
}

/// A value with the layer that set it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// Dotted key.
    pub key: String,
    /// The value as TOML.
    pub value: String,
    /// The layer that set it.
    pub layer: String,
}

impl Layer {
    /// The layer that every kiosk begins with.
    #[must_use]
    pub fn built_in() -> Self {
        Self { name: "config/default.toml (built in)".to_owned(), text: crate::DEFAULT.to_owned() }
    }

    /// A layer from a file.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let text = fs::read_to_string(path)
            .map_err(|source| SettingsError::Read { path: path.to_owned(), source })?;
        Ok(Self { name: path.display().to_string(), text })
    }

    fn table(&self) -> Result<Table, SettingsError> {
        self.text.parse().map_err(|source| SettingsError::Syntax {
            layer: self.name.clone(),
            source: Box::new(source),
        })
    }
}

/// Merges layers, lowest first, and reads the result.
pub fn load<T: DeserializeOwned>(layers: &[Layer]) -> Result<T, SettingsError> {
    let mut merged = Table::new();
    for layer in layers {
        merge(&mut merged, layer.table()?);
    }
    Value::Table(merged).try_into().map_err(|source| SettingsError::Meaning {
        layers: layers.iter().map(|layer| &*layer.name).collect::<Vec<_>>().join(" and "),
        source: Box::new(source),
    })
}

/// Every value and the layer that set it, in the order of the keys.
pub fn explain(layers: &[Layer]) -> Result<Vec<Explained>, SettingsError> {
    let mut all: Vec<Explained> = vec![];
    for layer in layers {
        flatten("", &Value::Table(layer.table()?), &mut |key, value| {
            all.retain(|known| known.key != key);
            all.push(Explained { key, value: value.to_string(), layer: layer.name.clone() });
        });
    }
    all.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(all)
}

fn merge(low: &mut Table, high: Table) {
    for (key, value) in high {
        match (low.get_mut(&key), value) {
            (Some(Value::Table(low)), Value::Table(high)) => merge(low, high),
            (_, value) => {
                low.insert(key, value);
            }
        }
    }
}

fn flatten(prefix: &str, value: &Value, found: &mut impl FnMut(String, &Value)) {
    let Some(table) = value.as_table() else { return found(prefix.to_owned(), value) };
    for (key, value) in table {
        let dotted = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        flatten(&dotted, value, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{KioskSettings, PrinterPort};

    const KEYS: &str = "[province]\nsealing_key = \"age1x\"\n";

    fn layers(machine: &str) -> [Layer; 2] {
        [Layer::built_in(), Layer { name: "machine".into(), text: machine.into() }]
    }

    #[test]
    fn the_machines_file_wins_and_the_rest_stays() {
        let machine = format!("{KEYS}[printer]\nport = \"tcp:10.0.0.9:9100\"\n");
        let settings: KioskSettings = load(&layers(&machine)).unwrap();
        assert_eq!(settings.printer.port, PrinterPort::Tcp("10.0.0.9:9100".into()));
        assert_eq!(settings.timing.idle_warning_s, 30);
        let explained = explain(&layers(&machine)).unwrap();
        let of = |key: &str| explained.iter().find(|e| e.key == key).unwrap().layer.clone();
        assert_eq!(of("printer.port"), "machine");
        assert_eq!(of("printer.model"), Layer::built_in().name);
    }

    #[test]
    fn settings_that_cannot_be_are_refused_with_their_key() {
        for (machine, word) in [
            (String::new(), "sealing_key"),
            (format!("{KEYS}[printer]\nprot = \"none\"\n"), "prot"),
            (format!("{KEYS}[printer]\nport = \"usb\"\n"), "usb"),
            (format!("{KEYS}[timing]\nwipe_s = -1\n"), "-1"),
            (format!("{KEYS}[extra]\n"), "extra"),
        ] {
            let error = load::<KioskSettings>(&layers(&machine)).unwrap_err();
            let cause = std::error::Error::source(&error).unwrap().to_string();
            assert!(cause.contains(word), "{cause}");
            assert!(error.to_string().ends_with("and machine do not fit"), "{error}");
        }
        assert!(matches!(load::<KioskSettings>(&layers("=")), Err(SettingsError::Syntax { .. })));
    }
}
