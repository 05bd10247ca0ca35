//! The report is held to what a browser makes of it.
