//! What the visit leaves beside its pictures: papers as pictures and as the bytes that made them,
//! the sealed package and the documents in it, the receipt as the province signed it.

use std::{fs, io, path::Path};

use app::outbox::Store;

use crate::{Hall, LabError, save_paper};

/// The package as it lay in the outbox.
pub(super) const SEALED: &str = "dossier.age";
/// What the printer makes in the story, in order: one number on paper, one whose paper came
/// late, and the slip.
const PAPERS: [&str; 3] = ["ticket", "ticket-late", "slip"];
/// Kinds of files that a visit leaves.
const OURS: [&str; 5] = ["png", "escpos", "age", "pdf", "json"];

/// Makes the folder; what an earlier visit left would be taken for this one's.
pub(super) fn make_room(folder: &Path) -> Result<(), LabError> {
    let wrong = || LabError::io(folder.display().to_string());
    fs::create_dir_all(folder).map_err(wrong())?;
    for file in fs::read_dir(folder).map_err(wrong())? {
        let path = file.map_err(wrong())?.path();
        if path.extension().is_some_and(|kind| OURS.iter().any(|ours| kind == *ours)) {
            fs::remove_file(&path).map_err(LabError::io(path.display().to_string()))?;
        }
    }
    Ok(())
}

/// Writes all of it into `folder`.
pub(super) fn leave(hall: &Hall, folder: &Path) -> Result<(), LabError> {
    leave_papers(hall, folder)?;
    leave_dossier(hall, folder)
}

fn leave_papers(hall: &Hall, folder: &Path) -> Result<(), LabError> {
    let papers = hall.simulator.printer.tickets();
    if papers.len() != PAPERS.len() {
        let count = io::Error::other(format!("{} papers came out", papers.len()));
        return Err(LabError::io("the printer's papers")(count));
    }
    for (paper, name) in papers.iter().zip(PAPERS) {
        save_paper(&folder.join(format!("paper-{name}.png")), paper)?;
        write(&folder.join(format!("paper-{name}.escpos")), paper.bytes())?;
    }
    Ok(())
}

/// Opens the package as the province does.
fn leave_dossier(hall: &Hall, folder: &Path) -> Result<(), LabError> {
    let key = fs::read_to_string(hall.opening_key())
        .map_err(LabError::io("the province's opening key"))?;
    let key =
        key.parse().map_err(|error: intake::keys::NotAKey| LabError::Province(Box::new(error)))?;
    let file = fs::File::open(folder.join(SEALED)).map_err(LabError::io(SEALED))?;
    let package = intake::open(io::BufReader::new(file), &key)?;
    for document in &package.documents {
        write(&folder.join(&document.name), &document.bytes)?;
    }
    let receipt = Store::open(&hall.outbox())?.receipt(&package.manifest.submission)?;
    let receipt = receipt.ok_or_else(|| io::Error::other("the outbox has none"));
    write(&folder.join("receipt.json"), receipt.map_err(LabError::io("the receipt"))?.as_bytes())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), LabError> {
    fs::write(path, bytes).map_err(LabError::io(path.display().to_string()))
}
