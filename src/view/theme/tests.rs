//! Claims on the looks: what is read on what, and what is left without colour. Start at `contrast`.

use unicode_width::UnicodeWidthStr;

use super::*;

const SIGNALS: [Tone; 5] = [Tone::Ok, Tone::Done, Tone::Attention, Tone::Stop, Tone::Info];

fn luminance(colour: Color) -> f64 {
    let Color::Rgb(red, green, blue) = colour else { panic!("{colour:?} has no known look") };
    let channel = |value: u8| {
        let share = f64::from(value) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue)
}

/// Contrast ratio of WCAG 2.1, 1 to 21.
fn contrast(style: Style) -> f64 {
    let (Some(front), Some(ground)) = (style.fg, style.bg) else { panic!("{style:?} is open") };
    let (mut dark, mut bright) = (luminance(front), luminance(ground));
    if dark > bright {
        std::mem::swap(&mut dark, &mut bright);
    }
    (bright + 0.05) / (dark + 0.05)
}

#[test]
fn every_text_is_read_on_its_ground() {
    for (kind, text_least, band_least) in [
        (ThemeKind::Dark, 7.0, 7.0),
        (ThemeKind::HighContrast, 8.5, 8.5),
        (ThemeKind::Light, 4.5, 4.5),
    ] {
        let theme = Theme::new(kind, ColourDepth::TrueColour, false);
        for tone in Tone::ALL.into_iter().filter(|tone| *tone != Tone::Frame) {
            let ratio = contrast(theme.style(tone));
            assert!(ratio >= text_least, "{kind:?} {tone:?}: {ratio:.2}");
        }
        for tone in SIGNALS {
            let ratio = contrast(theme.band(tone));
            assert!(ratio >= band_least, "{kind:?} band {tone:?}: {ratio:.2}");
        }
        let frame = contrast(theme.style(Tone::Frame));
        assert!(frame >= 3.0, "a frame is no text, but it is seen: {kind:?} {frame:.2}");
    }
}

#[test]
fn bands_of_bright_tones_carry_pure_black() {
    let theme = Theme::new(ThemeKind::Dark, ColourDepth::TrueColour, false);
    assert!(SIGNALS.iter().all(|tone| theme.band(*tone).fg == Some(Color::Rgb(0, 0, 0))));
}

#[test]
fn no_colour_is_sent_where_none_is_wanted() {
    for theme in [
        Theme::new(ThemeKind::Mono, ColourDepth::TrueColour, false),
        Theme::new(ThemeKind::Dark, ColourDepth::None, false),
    ] {
        for tone in Tone::ALL {
            for style in [theme.style(tone), theme.band(tone)] {
                assert_eq!((style.fg, style.bg), (None, None), "{tone:?}");
            }
        }
        assert!(theme.style(Tone::Selected).add_modifier.contains(Modifier::REVERSED));
    }
}

#[test]
fn the_four_signals_have_four_signs_of_known_width() {
    for ascii in [false, true] {
        let theme = Theme::new(ThemeKind::Mono, ColourDepth::None, ascii);
        let mut marks: Vec<&str> = SIGNALS.iter().map(|tone| theme.mark(*tone)).collect();
        for mark in &marks {
            assert_eq!(mark.width(), mark.chars().count(), "{mark}");
            assert!(!ascii || mark.is_ascii(), "{mark}");
        }
        marks.sort_unstable();
        marks.dedup();
        assert_eq!(marks.len(), SIGNALS.len());
    }
}

#[test]
fn a_terminal_with_sixteen_colours_is_sent_no_other() {
    for kind in [ThemeKind::Dark, ThemeKind::Light, ThemeKind::HighContrast, ThemeKind::Terminal16]
    {
        let theme = Theme::new(kind, ColourDepth::Sixteen, false);
        for tone in Tone::ALL {
            for style in [theme.style(tone), theme.band(tone)] {
                let is_rgb = |colour| matches!(colour, Some(Color::Rgb(..) | Color::Indexed(_)));
                assert!(!is_rgb(style.fg) && !is_rgb(style.bg), "{kind:?} {tone:?}");
            }
        }
        assert!(theme.style(Tone::Stop).add_modifier.contains(Modifier::REVERSED));
    }
}

#[test]
fn what_a_terminal_can_show_is_read_from_what_it_says() {
    let (none, sixteen, full) = (ColourDepth::None, ColourDepth::Sixteen, ColourDepth::TrueColour);
    for (no_color, term, colorterm, locale, depth, ascii, blocks) in [
        (None, "xterm-256color", Some("truecolor"), None, full, false, Blocks::Quadrants),
        (None, "xterm-256color", None, Some("fr_FR.UTF-8"), sixteen, false, Blocks::Quadrants),
        (Some("1"), "xterm", Some("24bit"), None, none, false, Blocks::Quadrants),
        (Some(""), "xterm-direct", None, None, full, false, Blocks::Quadrants),
        (None, "linux", Some("truecolor"), Some("C.utf8"), sixteen, true, Blocks::Halves),
        (None, "vt220", None, Some("C"), sixteen, true, Blocks::Ascii),
        (None, "dumb", None, None, none, true, Blocks::Ascii),
    ] {
        let hints = TerminalHints { no_color, term: Some(term), colorterm, locale };
        assert_eq!(Terminal::of(hints), Terminal { depth, ascii, blocks }, "{hints:?}");
    }
}
