//! published_balances
