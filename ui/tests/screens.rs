//! Every page and state, in three sizes and two languages, as a citizen meets it.

#[cfg(test)]
mod screens {
    use std::{cell::RefCell, rc::Rc, time::Duration};

    use domain::{
        Language,
        screen::{FormPage, Page, Screen},
        touch::Touch,
    };
    use i_slint_backend_testing::{
        AccessibleRole, ElementHandle, ElementQuery, TestingBackend, TestingBackendOptions,
        mock_elapsed_time,
    };
    use slint::{PhysicalSize, platform::PointerEventButton};
    use ui::{Ui, gallery};

    const SIZES: [(u32, u32, f32); 3] = [(1080, 1920, 88.0), (1920, 1080, 88.0), (1280, 800, 64.0)];

    type Touches = Rc<RefCell<Vec<Touch>>>;

    fn kiosk(width: u32, height: u32) -> (Rc<Ui>, Touches) {
        let _ =
            slint::platform::set_platform(Box::new(TestingBackend::new(TestingBackendOptions {
                mock_time: true,
                threading: false,
                renderer_name: Some("software".into()),
            })));
        let touches = Touches::default();
        let seen = Rc::clone(&touches);
        let ui = Rc::new(Ui::new(move |touch| seen.borrow_mut().push(touch)).unwrap());
        ui.window().set_size(PhysicalSize::new(width, height));
        ui.open().unwrap();
        (ui, touches)
    }

    fn show(ui: &Ui, screen: &Screen) {
        ui.show(screen);
        settle();
    }

    fn settle() {
        mock_elapsed_time(Duration::from_millis(400));
    }

    fn screen(name: &str) -> Screen {
        gallery::screens().into_iter().find(|(found, _)| *found == name).unwrap().1
    }

    fn elements(ui: &Ui) -> Vec<ElementHandle> {
        ElementQuery::from_root(ui.root()).find_all()
    }

    fn by_id(ui: &Ui, id: &str) -> ElementHandle {
        elements(ui)
            .into_iter()
            .find(|element| element.accessible_id().as_deref() == Some(id))
            .unwrap_or_else(|| panic!("nothing has the id {id}"))
    }

    fn tap(ui: &Ui, id: &str) {
        by_id(ui, id).mock_single_click(PointerEventButton::Left);
        settle();
    }

    fn tap_label(ui: &Ui, label: &str) {
        let found = ElementQuery::from_root(ui.root())
            .match_accessible_role(AccessibleRole::Button)
            .find_all()
            .into_iter()
            .find(|element| element.accessible_label().as_deref() == Some(label));
        found
            .unwrap_or_else(|| panic!("no button says {label}"))
            .mock_single_click(PointerEventButton::Left);
        settle();
    }

    /// Feeds answers back into the form, as the app does.
    fn type_on_form(ui: &Ui, touches: &Touches, page: &FormPage, ids: &[&str]) -> FormPage {
        let mut page = page.clone();
        for id in ids {
            tap(ui, id);
            for touch in touches.borrow_mut().drain(..) {
                if let Touch::Answer { question, text } = touch {
                    page.questions.iter_mut().find(|q| q.id == question).unwrap().value = text;
                } else if let Touch::FocusQuestion(at) = touch {
                    page.focused = at;
                }
            }
            let form = Screen { page: Page::Form(page.clone()), ..screen("form-empty") };
            show(ui, &form);
        }
        page
    }

    fn empty_form(focused: usize) -> FormPage {
        let Page::Form(mut page) = screen("form-empty").page else { unreachable!() };
        for question in &mut page.questions {
            question.value.clear();
        }
        page.focused = focused;
        page
    }

    #[test]
    fn every_touchable_says_what_it_is_and_is_large_enough_for_a_finger() {
        for (width, height, least) in SIZES {
            let (ui, _) = kiosk(width, height);
            for language in [Language::Vi, Language::En] {
                for (name, screen) in gallery::screens() {
                    show(&ui, &Screen { language, ..screen });
                    let mut buttons = 0;
                    for element in elements(&ui) {
                        if element.accessible_role() != Some(AccessibleRole::Button) {
                            continue;
                        }
                        buttons += 1;
                        let label = element.accessible_label().unwrap_or_default();
                        let id = element.accessible_id().unwrap_or_default();
                        let at = format!("{name} {width}×{height} {language:?}: {label:?} {id:?}");
                        assert!(!label.trim().is_empty() && !id.is_empty(), "{at}");
                        let size = element.size();
                        assert!(size.height >= least, "{at} is {} high", size.height);
                        assert!(size.width >= least * 0.75, "{at} is {} wide", size.width);
                    }
                    assert!(buttons >= 2, "{name}");
                }
            }
        }
    }

    #[test]
    fn no_words_are_cut_off() {
        for (width, height, _) in SIZES {
            let (ui, _) = kiosk(width, height);
            let mut cut = Vec::new();
            for language in [Language::Vi, Language::En] {
                for (name, screen) in gallery::screens() {
                    show(&ui, &Screen { language, ..screen });
                    for element in elements(&ui) {
                        // A line longer than its field scrolls under it.
                        let in_field = element.id().is_some_and(|id| id.starts_with("Field::"));
                        let text = element.bases().is_some_and(|mut b| b.any(|b| b == "Text"))
                            || element.type_name().as_deref() == Some("Text");
                        if !text || in_field {
                            continue;
                        }
                        let (at, size) = (element.absolute_position(), element.size());
                        let right = at.x + size.width;
                        if at.x < -0.5 || right > f32::from(u16::try_from(width).unwrap()) + 0.5 {
                            cut.push(format!(
                                "{name} {language:?} {width}: {:?}",
                                element.accessible_label()
                            ));
                        }
                    }
                }
            }
            assert!(cut.is_empty(), "{cut:#?}");
        }
    }

    #[test]
    fn every_page_has_its_main_button_on_the_glass() {
        for (width, height, _) in SIZES {
            let (ui, _) = kiosk(width, height);
            for language in [Language::Vi, Language::En] {
                for (name, screen) in gallery::screens() {
                    show(&ui, &Screen { language, ..screen });
                    for id in [
                        "next",
                        "apply",
                        "submit",
                        "scan",
                        "pin-enter",
                        "type-instead",
                        "help",
                        "call-staff",
                        "back",
                        "finish",
                        "still-here",
                        "close-help",
                    ] {
                        for element in elements(&ui) {
                            if element.accessible_id().as_deref() == Some(id) {
                                let bottom = element.absolute_position().y + element.size().height;
                                let glass = f32::from(u16::try_from(height).unwrap());
                                let footer = ["help", "call-staff", "back", "finish"].contains(&id);
                                let over = ["still-here", "close-help"].contains(&id);
                                let limit = if footer || over {
                                    glass
                                } else {
                                    by_id(&ui, "help").absolute_position().y
                                };
                                assert!(
                                    bottom <= limit + 0.5,
                                    "{name} {width}×{height} {language:?}: {id} ends at {bottom} of {limit}"
                                );
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn vietnamese_is_typed_letter_by_letter_and_tone_by_tone() {
        let (ui, touches) = kiosk(1080, 1920);
        let keys = "key-d,key-đ,key-ă,key-n,key-g,key-tone-dot,key-space,key-t,key-h,key-i,key-tone-dot,\
        key-space,key-a,key-n,key-h,key-tone-acute";
        let keys: Vec<&str> = keys.split(',').skip(1).collect();
        let mut page = empty_form(0);
        show(&ui, &Screen { page: Page::Form(page.clone()), ..screen("form-empty") });
        page = type_on_form(&ui, &touches, &page, &keys);
        assert_eq!(page.questions[0].value, "Đặng Thị Ánh");
        let field = by_id(&ui, "field");
        assert_eq!(field.accessible_role(), Some(AccessibleRole::TextInput));
        assert_eq!(field.accessible_value().unwrap(), "Đặng Thị Ánh");
        page = type_on_form(&ui, &touches, &page, &["key-backspace"]);
        assert_eq!(page.questions[0].value, "Đặng Thị Án");
    }

    #[test]
    fn telex_is_switched_on_by_its_key_and_next_line_goes_on() {
        let (ui, touches) = kiosk(1280, 800);
        let mut page = empty_form(0);
        show(&ui, &Screen { page: Page::Form(page.clone()), ..screen("form-empty") });
        let keys = [
            "key-Telex",
            "key-n",
            "key-g",
            "key-u",
            "key-y",
            "key-e",
            "key-e",
            "key-n",
            "key-x",
            "key-next-line",
        ];
        page = type_on_form(&ui, &touches, &page, &keys);
        assert_eq!((page.questions[0].value.as_str(), page.focused), ("Nguyễn", 1));
    }

    #[test]
    fn a_date_is_typed_on_the_number_pad() {
        let (ui, touches) = kiosk(1080, 1920);
        let page = empty_form(6);
        show(&ui, &Screen { page: Page::Form(page.clone()), ..screen("form-empty") });
        let keys = ["key-0", "key-5", "key-0", "key-9", "key-2", "key-0", "key-2", "key-5"];
        let page = type_on_form(&ui, &touches, &page, &keys);
        assert_eq!(page.questions[6].value, "05/09/2025");
    }

    #[test]
    fn a_physical_keyboard_types_into_the_focused_line() {
        let (ui, touches) = kiosk(1080, 1920);
        show(&ui, &screen("find-some"));
        for text in [" ", "đ", "ă"] {
            for event in [
                slint::platform::WindowEvent::KeyPressed { text: text.into() },
                slint::platform::WindowEvent::KeyReleased { text: text.into() },
            ] {
                ui.window().dispatch_event(event);
            }
        }
        let last = touches.borrow().last().cloned();
        assert_eq!(last, Some(Touch::Search("khai sinh đă".to_owned())));
    }

    #[test]
    fn a_physical_keyboard_types_the_pin() {
        let (ui, touches) = kiosk(1080, 1920);
        show(&ui, &screen("sign-pin"));
        let enter = char::from(slint::platform::Key::Return).to_string();
        for text in ["4", &enter] {
            ui.window()
                .dispatch_event(slint::platform::WindowEvent::KeyPressed { text: text.into() });
        }
        assert_eq!(*touches.borrow(), [Touch::PinDigit(4), Touch::PinEnter]);
    }

    #[test]
    fn touches_leave_as_what_they_mean() {
        let (ui, touches) = kiosk(1080, 1920);
        for (name, id, expected) in [
            ("welcome", "take-ticket", Touch::TakeTicket),
            ("welcome", "find-procedure", Touch::FindProcedure),
            ("welcome", "look-up-dossier", Touch::LookUpDossier),
            ("welcome", "help", Touch::Help),
            ("welcome", "call-staff", Touch::CallStaff),
            ("welcome", "language-en", Touch::Language(Language::En)),
            ("choose-field", "field-ho-tich", Touch::Field("ho-tich".into())),
            ("ticket-printed", "next", Touch::Next),
            ("ticket-not-printed", "print-again", Touch::PrintAgain),
            ("find-some", "procedure-1.001193.0", Touch::Procedure("1.001193.0".into())),
            ("procedure", "apply", Touch::Apply),
            ("procedure", "back", Touch::Back),
            ("identify", "type-instead", Touch::TypeInstead),
            ("identify-typing", "code-instead", Touch::CodeInstead),
            ("identify", "chip-instead", Touch::ChipInstead),
            ("identify-known", "chip-instead", Touch::ChipInstead),
            ("chip-key", "key-7", Touch::PinDigit(7)),
            ("chip-key", "key-backspace", Touch::PinErase),
            ("chip-lay", "back-from-chip", Touch::Back),
            ("chip-silent", "next", Touch::Next),
            ("identify-known", "next", Touch::Next),
            ("form-text", "question-phone", Touch::FocusQuestion(2)),
            (
                "form-choice",
                "option-house",
                Touch::Answer { question: "purpose".into(), text: "house".into() },
            ),
            (
                "form-yes-no",
                "option-yes",
                Touch::Answer { question: "married".into(), text: "yes".into() },
            ),
            ("scan-pages", "paper-1", Touch::FocusPaper(1)),
            ("scan-pages", "remove-page-1", Touch::RemovePage(1)),
            ("scan-empty", "scan", Touch::Scan),
            ("scan-scanning", "cancel-scan", Touch::CancelScan),
            ("scan-condition", "skip-paper", Touch::SkipPaper(true)),
            ("scan-skipped", "skip-paper", Touch::SkipPaper(false)),
            ("sign-pin", "key-7", Touch::PinDigit(7)),
            ("sign-pin", "key-backspace", Touch::PinErase),
            ("sign-pin", "pin-enter", Touch::PinEnter),
            ("sign-choosing", "other-certificate", Touch::OtherCertificate),
            ("sign-last-try", "try-last", Touch::TryLast),
            ("sign-expired", "without-signature", Touch::WithoutSignature),
            ("sign-insert", "without-signature", Touch::WithoutSignature),
            ("summary", "submit", Touch::Submit),
            ("look-up", "look-up-factor", Touch::LookUpFocus(domain::screen::LookUpField::Factor)),
            ("rate", "rate-5", Touch::Rate(domain::screen::Rating::VerySatisfied)),
            ("rate", "finish", Touch::Finish),
            ("idle", "still-here", Touch::StillHere),
            ("help-form", "close-help", Touch::CloseHelp),
        ] {
            show(&ui, &screen(name));
            touches.borrow_mut().clear();
            tap(&ui, id);
            assert_eq!(*touches.borrow(), [expected], "{name} {id}");
        }
    }

    #[test]
    fn what_is_down_cannot_be_touched() {
        let (ui, touches) = kiosk(1080, 1920);
        show(&ui, &screen("welcome-down"));
        tap(&ui, "take-ticket");
        assert!(touches.borrow().is_empty());
        assert!(!by_id(&ui, "take-ticket").accessible_enabled().unwrap());
    }

    #[test]
    fn a_press_that_slides_off_its_target_does_nothing() {
        let (ui, touches) = kiosk(1080, 1920);
        show(&ui, &screen("welcome"));
        let target = by_id(&ui, "help").absolute_position();
        by_id(&ui, "take-ticket").mock_drag(target, PointerEventButton::Left);
        settle();
        assert!(touches.borrow().is_empty(), "{:?}", touches.borrow());
    }

    #[test]
    fn the_language_changes_at_once_and_back() {
        let (ui, _) = kiosk(1080, 1920);
        let mut screen = screen("welcome");
        for (language, label) in [
            (Language::Vi, "Lấy số thứ tự"),
            (Language::En, "Take a queue number"),
            (Language::Vi, "Lấy số thứ tự"),
        ] {
            screen.language = language;
            show(&ui, &screen);
            assert_eq!(by_id(&ui, "take-ticket").accessible_label().unwrap(), label);
        }
        tap_label(&ui, "Trợ giúp");
    }

    #[test]
    fn two_thousand_procedures_make_few_rows() {
        let (ui, _) = kiosk(1080, 1920);
        show(&ui, &screen("find"));
        let rows = elements(&ui)
            .iter()
            .filter(|e| e.accessible_id().is_some_and(|id| id.starts_with("procedure-")))
            .count();
        assert!((3..40).contains(&rows), "{rows} rows");
    }

    #[test]
    fn nothing_of_a_visit_stays_on_the_pages_after_goodbye() {
        let (ui, _) = kiosk(1080, 1920);
        for name in [
            "summary",
            "identify-known",
            "form-text",
            "received-province",
            "look-up-factor",
            "sign-pin",
        ] {
            show(&ui, &screen(name));
        }
        show(&ui, &screen("goodbye"));
        // Pages show what their properties hold: empty pages afterwards mean empty properties.
        for name in ["identify", "scan-empty"] {
            show(&ui, &screen(name));
            for element in elements(&ui) {
                let said =
                    format!("{:?}{:?}", element.accessible_label(), element.accessible_value());
                assert!(!said.contains("Khuê") && !said.contains("H26"), "{said}");
            }
        }
    }

    #[test]
    fn equal_screens_draw_equal_pictures() {
        let picture = |name: &str| {
            let (ui, _) = kiosk(1080, 1920);
            show(&ui, &screen(name));
            ui.window().take_snapshot().unwrap().as_bytes().to_vec()
        };
        assert!(picture("form-text") == picture("form-text"));
        assert!(picture("form-text") != picture("form-name"));
    }
}
