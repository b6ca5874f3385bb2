//! Charts (SVG) and the single-file HTML report of a Wafercast run.
