//! Who are you? Passwords, second factors, passkeys and what goes with them; the pages are in `pages`.
//!
//! A password, or an OpenID provider whose word on the second factor is not taken, is a first proof (`enter::first`).
//! Whoever has a factor is asked for it next; whoever needs one and has none gets a session that can do nothing but set
//! one up. A passkey with its user verified is both at once.

pub mod agent;
pub mod codes;
pub mod confirm;
pub mod device;
pub mod enter;
pub mod openid;
pub mod passkey;
pub mod step;
pub mod totp;
