//! every_parameter
