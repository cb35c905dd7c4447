//! Changes of the layout of this pallet's storage, one file a version. Each leaves one release
//! after it is enacted.

pub mod v1;
