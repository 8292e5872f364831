//! The terminal's keys in the words of the wedge: a scanner that types, or a person.
//! Owns: the names of crossterm's keys. Never: reading the terminal, what a key does.
//! Start at `wedge_key`. The decoder is `domain::wedge`; its tests are there.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use dockside_core::domain::wedge::WedgeKey;

/// The key of a terminal event; `None` for a key let go and for keys that only change others.
#[must_use]
pub fn wedge_key(event: KeyEvent) -> Option<WedgeKey> {
    match event.kind {
        KeyEventKind::Press | KeyEventKind::Repeat => {}
        KeyEventKind::Release => return None,
    }
    let has_control = event.modifiers.contains(KeyModifiers::CONTROL);
    let has_alt = event.modifiers.contains(KeyModifiers::ALT);
    let name = match event.code {
        KeyCode::Char(letter) if has_alt => format!("Alt+{}", letter.to_uppercase()),
        KeyCode::Char(letter) if has_control => return Some(WedgeKey::Ctrl(letter)),
        KeyCode::Char(letter) => return Some(WedgeKey::Char(letter)),
        KeyCode::Null => return Some(WedgeKey::Ctrl(' ')),
        KeyCode::Enter => return Some(WedgeKey::Enter),
        KeyCode::Tab => return Some(WedgeKey::Tab),
        KeyCode::BackTab => "Shift+Tab".to_owned(),
        KeyCode::F(number) => format!("F{number}"),
        KeyCode::Esc => "Esc".to_owned(),
        KeyCode::Backspace => "Backspace".to_owned(),
        KeyCode::Delete => "Delete".to_owned(),
        KeyCode::Insert => "Insert".to_owned(),
        KeyCode::Left => "Left".to_owned(),
        KeyCode::Right => "Right".to_owned(),
        KeyCode::Up => "Up".to_owned(),
        KeyCode::Down => "Down".to_owned(),
        KeyCode::Home => "Home".to_owned(),
        KeyCode::End => "End".to_owned(),
        KeyCode::PageUp => "PageUp".to_owned(),
        KeyCode::PageDown => "PageDown".to_owned(),
        KeyCode::PrintScreen => "PrintScreen".to_owned(),
        KeyCode::Pause => "Pause".to_owned(),
        KeyCode::Menu => "Menu".to_owned(),
        KeyCode::KeypadBegin => "KeypadBegin".to_owned(),
        KeyCode::CapsLock
        | KeyCode::ScrollLock
        | KeyCode::NumLock
        | KeyCode::Media(_)
        | KeyCode::Modifier(_) => return None,
    };
    Some(WedgeKey::Named(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_names_of_keys_toml() {
        let cases = [
            (KeyCode::Char('5'), KeyModifiers::CONTROL, WedgeKey::Ctrl('5')),
            (KeyCode::Char('A'), KeyModifiers::SHIFT, WedgeKey::Char('A')),
            (KeyCode::Char('x'), KeyModifiers::ALT, WedgeKey::Named("Alt+X".to_owned())),
            (KeyCode::F(12), KeyModifiers::NONE, WedgeKey::Named("F12".to_owned())),
            (KeyCode::Enter, KeyModifiers::NONE, WedgeKey::Enter),
            (KeyCode::BackTab, KeyModifiers::SHIFT, WedgeKey::Named("Shift+Tab".to_owned())),
        ];
        for (code, modifiers, wanted) in cases {
            assert_eq!(wedge_key(KeyEvent::new(code, modifiers)), Some(wanted));
        }
    }

    #[test]
    fn a_key_let_go_is_no_key() {
        let mut event = KeyEvent::new(KeyCode::Char('a'), KeyModifiers::NONE);
        event.kind = KeyEventKind::Release;
        assert_eq!(wedge_key(event), None);
    }
}
