//! What this machine, or the container around the manager, has left.
