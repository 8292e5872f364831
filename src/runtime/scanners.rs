//! Hands what the device threads tell to the loop, in the session's words.

use std::sync::mpsc::Sender;

use dockside_core::session::input::Input;

use crate::device::{DeviceInput, Transport, What};
use crate::runtime::station::Wake;

/// A sink for `device::serial::spawn_serial`.
pub fn sink(wakes: Sender<Wake>) -> impl FnMut(DeviceInput) + Send + 'static {
    move |told| {
        if let Some(input) = input(told) {
            // Nobody listens only when the station has ended.
            let _ = wakes.send(Wake::Input(input));
        }
    }
}

fn input(told: DeviceInput) -> Option<Input> {
    let device = told.device;
    match told.what {
        What::Attached { transport } => {
            let Transport::Serial { path, asked, found } = transport;
            if asked != found {
                tracing::warn!(%device, ?asked, ?found, "the port has other settings than asked");
            }
            let transport = format!("serial {}", path.display());
            Some(Input::DeviceAttached { device, transport })
        }
        What::Scan(frame) => Some(Input::Scanned {
            device,
            bytes: frame.bytes,
            overlong: frame.overlong.then_some(frame.total_len),
        }),
        What::Lost { partial_bytes, why } => {
            tracing::warn!(%device, partial_bytes, %why, "a scanner is lost");
            let partial_bytes = u32::try_from(partial_bytes).unwrap_or(u32::MAX);
            Some(Input::DeviceLost { device, partial_bytes })
        }
        What::Waiting(why) => Some(Input::DeviceDown { device, why: why.to_string() }),
        What::Stale { bytes } => {
            tracing::warn!(%device, bytes, "scans made before the station was ready are dropped");
            None
        }
        What::BellFailed { why } => {
            tracing::warn!(%device, %why, "the scanner was not told to beep");
            None
        }
    }
}
