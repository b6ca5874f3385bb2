//! `WF08`: metric expressions. The codes are raised by [`crate::metric`].

use super::pages;

pages! {}
