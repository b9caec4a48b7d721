//! Serves a snapshot back as an AWS endpoint on loopback.
