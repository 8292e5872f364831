//! Dockside, the edges: what touches the world.
