//! The queue of one center, its console and its board.
