//! Discrete-event replay of traffic against the very same engine.
