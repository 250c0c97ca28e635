//! A citizen walks away.

use std::time::Duration;

use domain::{screen::Page, touch::Touch};

use super::stage::{PROCEDURE, Stage, Steps as _};
use crate::journey;

journey!(after_silence_nothing_of_the_first_citizen_is_left, Stage::Plain, |hall, player| {
    player.arrive();
    player.identify(hall, PROCEDURE);
    player.fill_form();
    hall.simulator.scanner.load_forms(1);
    player.touch(Touch::Scan);
    player
        .wait_for_page("a page", |page| {
            matches!(page, Page::Scan(scan) if scan.papers.iter().any(|p| !p.pages.is_empty())
                && scan.scanner == domain::screen::ScannerState::Idle)
        })
        .unwrap();
    player.skip(Duration::from_secs(31));
    assert!(player.screen().idle.is_some());
    assert!(player.words().iter().any(|word| word == "Tôi vẫn ở đây"), "{:?}", player.words());
    player.tap("Tôi vẫn ở đây").unwrap();
    assert!(player.screen().idle.is_none());
    player.skip(Duration::from_secs(51));
    assert!(matches!(player.screen().page, Page::Welcome(_)));

    // The next citizen goes the same way and finds every page empty.
    player.touch(Touch::FindProcedure);
    player.touch(Touch::Procedure(PROCEDURE.into()));
    player.touch(Touch::Apply);
    player.touch(Touch::TypeInstead);
    let shown = format!("{:?} {:?}", player.screen(), player.words());
    for personal in ["Nguyễn Văn An", "001099000001", "001******001", "Phố Thử", "0900000001"]
    {
        assert!(!shown.contains(personal), "{personal} is still there: {shown}");
    }
});
