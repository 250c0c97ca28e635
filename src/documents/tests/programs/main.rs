//! Documents judged by programs that share no code with ours: poppler, qpdf, Apache PDFBox
//! preflight and pyHanko. Keys and certificates come from openssl.

#[cfg(test)]
mod archive;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod pki;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod signatures;
#[cfg(test)]
mod tool;
#[cfg(test)]
mod trust;
