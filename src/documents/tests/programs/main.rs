//! Documents judged by programs that share no code with ours: poppler, qpdf, Apache PDFBox
//! preflight and pyHanko. Keys and certificates come from openssl.

mod archive;
mod hostile;
mod pki;
mod sample;
mod signatures;
mod tool;
