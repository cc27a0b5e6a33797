//! The worker supervisor: spawn, watch, stop, kill, report.
