//! The event table. A row is added at the end of its group; a code is never used again.

/// How urgent an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Normal course.
    Info,
    /// Somebody should look at it today.
    Warning,
    /// A service is down or data is at stake.
    Error,
}

macro_rules! events {
    ($($name:ident $code:literal $level:ident $sentence:literal $remedy:literal;)*) => {
        /// Everything an operator may have to know.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Event {
            $(#[doc = $sentence] $name,)*
        }

        impl Event {
            /// All rows, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code, such as `PRT-001`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// How urgent it is.
            #[must_use]
            pub const fn level(self) -> Level {
                match self { $(Self::$name => Level::$level,)* }
            }

            /// One sentence for people.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)* }
            }

            /// What to do about it.
            #[must_use]
            pub const fn remedy(self) -> &'static str {
                match self { $(Self::$name => $remedy,)* }
            }
        }
    };
}

events! {
    KioskStarted "KSK-001" Info "the kiosk has started" "nothing to do";
    VisitEnded "KSK-002" Info "a visit ended and its data was wiped" "nothing to do";
    VisitAbandoned "KSK-003" Info "a visit was wiped after nobody touched the screen" "nothing to do";
    StaffCalled "KSK-004" Info "a citizen called an officer to the kiosk" "go to the kiosk";
    KioskStopped "KSK-005" Info "the kiosk has stopped" "nothing to do";
    EffectDropped "KSK-006" Error "an internal queue was full and a request was refused" "report this to the makers with the log";
    StorageUnusable "KSK-007" Error "the folder of the kiosk's own files cannot be used" "mend storage.folder in the settings, or its rights";
    DiskLow "KSK-008" Error "the disk is nearly full" "make room: a day of dossiers may not fit";
    StaffNotCalled "KSK-009" Warning "a citizen called an officer and the center could not be told" "go to the kiosk; check the local network and the center's machine";
    CheckBroken "KSK-010" Error "a check of kioskctl broke off" "report this to the makers with what it wrote";

    PrinterPaperOut "PRT-001" Error "the printer has no paper" "put in a new roll";
    PrinterPaperLow "PRT-002" Warning "the paper is near its end" "have a new roll at hand";
    PrinterCoverOpen "PRT-003" Error "the printer's lid is open" "close the lid";
    PrinterJammed "PRT-004" Error "paper is stuck in the printer" "open the lid, take the paper out, close the lid";
    PrinterGone "PRT-005" Error "the printer does not answer" "check its cable and power";
    PrinterReady "PRT-006" Info "the printer is ready" "nothing to do";
    TicketNotPrinted "PRT-007" Warning "a number was shown on the screen because no paper came" "look at the printer";
    PrinterCutterJammed "PRT-008" Error "the printer's knife is stuck" "open the lid, free the knife, close the lid";
    PrinterBusy "PRT-009" Warning "another program holds the printer" "end that program; a running kiosk is one";

    ScannerGone "SCN-001" Error "the scanner does not answer" "check its cable and power";
    ScannerJammed "SCN-002" Warning "paper is stuck in the scanner" "open the scanner and take the paper out";
    ScannerCoverOpen "SCN-003" Warning "the scanner's cover is open" "close the cover";
    ScannerReady "SCN-004" Info "the scanner is ready" "nothing to do";
    ScannerDoubleFeed "SCN-005" Warning "the scanner drew in two sheets at once" "separate the sheets; clean the rollers if it happens often";
    ScannerFailed "SCN-006" Warning "a scan broke off" "scan again; if it happens again, check the scanner's cable and restart it";
    ScannerBusy "SCN-007" Warning "another program or computer holds the scanner" "end the other scan";
    ScannerRefused "SCN-008" Error "the scanner refuses to work as the settings want" "read its reason; check the settings of the scanner and who may use it";
    ScannerEmpty "SCN-009" Info "there is no paper in the scanner" "lay some in";

    CodeReaderGone "COD-001" Error "the code reader does not answer" "check its cable";
    CodeReaderReady "COD-002" Info "the code reader is ready" "nothing to do";
    CodeReaderBusy "COD-003" Warning "another program holds the code reader" "end that program; a running kiosk is one";
    NoCodeSeen "COD-004" Warning "no code was seen" "hold the code a hand's breadth before the reader, or try another code";

    CardReaderGone "CRD-001" Error "the card reader does not answer" "check its cable; if it is plugged in, restart the service pcscd";
    CardReaderReady "CRD-002" Info "the card reader is ready" "nothing to do";
    CardNotGenuine "CRD-003" Warning "the chip of an ID card failed a check that it must pass, and was not believed" "look at the citizen's card; if it happens with many cards, check the kiosk's clock and the certificates in card.trust";
    CardUnreadable "CRD-004" Info "a card on the reader could not be read" "nothing to do; if it happens often, look at the place where cards are laid";
    CardReaderBusy "CRD-005" Warning "another program holds the card" "end that program; a running kiosk is one";
    CardKeyRefused "CRD-006" Warning "the chip of an ID card refused its access number" "take the last six digits of the number on the front of the card";
    CardUnknown "CRD-007" Info "a card of an unknown kind lay on the reader" "nothing to do; if such cards are to be taken, add their profile to card.ecards";
    CardAbsent "CRD-008" Info "no card lies on the reader" "lay one on";

    TokenFailed "TOK-001" Warning "a signing token did not work" "try another token; check the module in the settings";
    TokenLocked "TOK-002" Info "a citizen's signing token is locked" "the citizen must see its issuer";
    TokenLeft "TOK-003" Info "a signing token was taken out while it signed" "nothing to do";
    TokenRefused "TOK-004" Info "a citizen's certificate was refused" "the citizen must see its issuer; if it happens to many, check token.roots and the clock";
    TokenModuleLeftOut "TOK-005" Warning "a signing-token module failed and is left out" "install its present version, or take it out of token.modules";
    TokenModuleReady "TOK-006" Info "a signing-token module is ready" "nothing to do";
    TokenPinRefused "TOK-007" Warning "a signing token refused the PIN" "type the right PIN: after a few wrong ones the token locks itself";
    TokenLastTry "TOK-008" Warning "a signing token has one try left for its PIN" "be sure of the PIN; if a wrong one may lock the token, say `--last-try`";
    TokenSignsWrong "TOK-009" Error "a signature of a signing token is wrong" "do not use this token or its module; report it to its maker";
    TokenAbsent "TOK-010" Info "there is no signing token" "put one in";

    WorkerStopped "WRK-001" Error "a device's program stopped and is started again" "if it comes back every day, check the device's cable and power, then report it to the makers with the log";
    WorkerBack "WRK-002" Info "a device's program works again" "nothing to do";
    WorkerRefused "WRK-003" Error "a device's settings cannot be used" "mend the setting that is named; `kiosk check-config` tries it";
    DeviceNonsense "WRK-004" Error "a device answers what its protocol does not allow" "switch it off and on; if it comes back, compare the model in the settings with the device";
    WorkerUnconfined "WRK-005" Warning "a device's program could not shut itself in fully" "use a kernel of Linux 6.12 or newer with Landlock and seccomp; until then the program can do what is named";

    CenterUnreachable "CEN-001" Error "the center cannot be reached" "check the local network and the center's machine";
    CenterBack "CEN-002" Info "the center can be reached again" "nothing to do";
    CenterStarted "CEN-003" Info "the center has started" "nothing to do";
    CenterJournalTorn "CEN-004" Warning "the last line of the queue journal was cut off by a power loss and was removed" "nothing to do; check the power supply";
    CenterLogInRefused "CEN-006" Warning "a log-in was refused" "if it was not you, change the password";
    CenterStopped "CEN-007" Info "the center has stopped" "nothing to do";
    CenterJournalFailed "CEN-008" Error "the queue journal cannot be written; no numbers are given out" "check the disk, then start the center again";
    CenterBadRequest "CEN-009" Info "a request to the center was not understood" "nothing to do";
    CenterNotFound "CEN-010" Info "something was asked of the center that is not there" "nothing to do";
    CenterTooLarge "CEN-011" Info "a message to the center was larger than allowed" "nothing to do";
    CenterUnknownField "CEN-012" Warning "a number was asked for a field that the center does not offer" "compare the fields of kiosk and center";
    CenterConflict "CEN-013" Info "the queue had moved on when a key was pressed" "nothing to do";
    CenterBusy "CEN-015" Warning "the center did not answer in time or was stopping" "check disk and load of the center's machine";
    CenterRequestReused "CEN-016" Warning "a kiosk used one request key for two wishes" "report this to the makers with the log";
    CenterNotAllowed "CEN-017" Info "a key was pressed without being logged in or from a foreign page" "log in again";
    CenterAccept "CEN-018" Warning "a connection could not be accepted" "raise the limit of open files";
    CenterRefused "CEN-019" Warning "the center answered the kiosk with an error" "look at the center's log; compare the settings of kiosk and center";
    NumberNotIssued "CEN-020" Warning "a citizen wanted a number and got none" "check the local network and the center's machine";

    ProvinceUnreachable "PRV-001" Warning "the province cannot be reached; dossiers wait here" "check the network";
    ProvinceBack "PRV-002" Info "the province can be reached again" "nothing to do";
    CatalogueRefreshed "PRV-003" Info "a new edition of the catalogue is in use" "nothing to do";
    CatalogueRefused "PRV-004" Warning "the catalogue sent by the province was not taken" "check the catalogue at the province";
    CatalogueNotCopied "PRV-005" Warning "the catalogue could not be copied to the kiosk's disk" "check the disk; without the copy the kiosk cannot start while the province is away";
    ProvinceRefused "PRV-006" Warning "the province answered the kiosk with an error" "call the province's IT with the status that is named";
    RatingLost "PRV-007" Info "a rating could not be handed over" "nothing to do; if it happens often, check the network";

    SettingsUnusable "SET-001" Error "the settings cannot be used" "mend what is named, or give another file with --config; `kiosk check-config` tries all settings";
    NotSetUp "SET-002" Warning "the settings name no such device" "name it in the settings; `kioskctl` lists what is plugged in";
    ProgramMissing "SET-003" Error "a program of the kiosk is missing" "install the kiosk again";
    FileUnusable "SET-004" Warning "a file cannot be read or written" "check its path, its rights, and the room on its disk";
    NotAPicture "SET-005" Warning "a file holds no picture" "give a whole PNG, JPEG or PGM file";

    DossierKept "OUT-001" Info "a dossier was sealed and kept" "nothing to do";
    DossierDelivered "OUT-002" Info "the province confirmed a dossier; the sealed copy was deleted" "nothing to do";
    DossierRefused "OUT-003" Error "the province refused a sealed dossier; it is kept" "call the province's IT with the submission number";
    OutboxFailed "OUT-004" Error "the outbox cannot write to its disk" "check the disk; no dossiers are taken meanwhile";
    ReceiptRefused "OUT-005" Error "a receipt did not match what was sent" "call the province's IT with the submission number";

    IntakeStarted "INT-001" Info "the intake has started" "nothing to do";
    IntakeBadRequest "INT-002" Info "a request was not understood" "nothing to do";
    IntakeNotFound "INT-003" Info "something was asked for that is not here" "nothing to do";
    IntakeUploadConflict "INT-004" Info "an upload went on at the wrong place" "nothing to do";
    IntakeTooLarge "INT-005" Warning "an upload was larger than allowed" "check the kiosk that sent it";
    IntakeChecksum "INT-006" Warning "an upload's checksum was wrong" "check the line to that kiosk";
    IntakePackageRefused "INT-007" Error "a sealed dossier could not be opened or did not match its manifest" "look at the kiosk that sent it";
    IntakeStored "INT-008" Info "a dossier was stored" "nothing to do";
    IntakeStorageFailed "INT-009" Error "the intake cannot write to its storage" "check disk and database";
    IntakeLookUpRefused "INT-010" Info "a look-up was refused" "nothing to do";
    IntakeLocked "INT-011" Info "an upload is being written by another request" "nothing to do";
    OfficerLogInRefused "INT-012" Warning "an officer's log-in was refused" "if it was not you, change the password";
    OfficerSawPersonalData "INT-013" Info "an officer opened personal data" "nothing to do";
    IntakeTooMany "INT-014" Warning "a request was turned away because too much is going on" "check whether one kiosk or address repeats itself";
    IntakeDamaged "INT-015" Warning "an upload was damaged on its way or on the disk and must be sent again" "check the line to that kiosk and the disk";
    IntakeStopped "INT-016" Info "the intake has stopped" "nothing to do";
    IntakeOtherKey "INT-017" Error "a dossier is sealed to another key than ours; it is kept and tried again at the next start" "compare the opening key here with the sealing key of that kiosk";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_code_is_used_twice_and_every_row_says_what_to_do() {
        let codes: HashSet<_> = Event::ALL.iter().map(|event| event.code()).collect();
        assert_eq!(codes.len(), Event::ALL.len());
        for event in Event::ALL {
            let (group, number) = event.code().split_once('-').unwrap();
            assert!(group.len() == 3 && number.len() == 3, "{event:?}");
            assert!(!event.sentence().ends_with('.') && !event.remedy().is_empty(), "{event:?}");
        }
    }
}
