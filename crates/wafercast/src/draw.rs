//! (draw)
