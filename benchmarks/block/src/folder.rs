//! Folders of databases.

use crate::chain::Error;
use std::{
	fs,
	path::{Path, PathBuf},
	thread::sleep,
	time::{Duration, Instant},
};

/// How long a database may take to be closed.
const PATIENCE: Duration = Duration::from_secs(300);

/// A folder that goes when this does.
pub(crate) struct Folder {
	path: PathBuf,
	kept: bool,
}

impl Folder {
	/// The folder `path`.
	pub(crate) fn new(path: &Path) -> Self {
		Self { path: path.into(), kept: false }
	}

	/// Where it is.
	pub(crate) fn path(&self) -> &Path {
		&self.path
	}

	/// Let it stay, and say where it is.
	pub(crate) fn keep(mut self) -> PathBuf {
		self.kept = true;
		self.path.clone()
	}
}

impl Drop for Folder {
	fn drop(&mut self) {
		if !self.kept {
			// What cannot be removed is in a temporary folder, and harms nobody.
			fs::remove_dir_all(&self.path).ok();
		}
	}
}

/// Remove `folder` and all that is in it, if it is there.
pub(crate) fn clear(folder: &Path) -> Result<(), Error> {
	if folder.exists() {
		fs::remove_dir_all(folder)?;
	}
	Ok(())
}

/// Copy all files of `from` to `to`, which is made.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), Error> {
	fs::create_dir_all(to)?;
	for entry in fs::read_dir(from)? {
		let entry = entry?;
		let target = to.join(entry.file_name());
		match entry.file_type()?.is_dir() {
			true => copy(&entry.path(), &target)?,
			false => fs::copy(entry.path(), target).map(drop)?,
		}
	}
	Ok(())
}

/// The bytes of all files in `folder`.
pub(crate) fn size(folder: &Path) -> Result<u64, Error> {
	let mut bytes = 0;
	for entry in fs::read_dir(folder)? {
		let entry = entry?;
		bytes += match entry.file_type()?.is_dir() {
			true => size(&entry.path())?,
			false => entry.metadata()?.len(),
		};
	}
	Ok(bytes)
}

/// What `what` gives as soon as it gives something.
///
/// # Errors
///
/// If it gives nothing for minutes.
pub(crate) fn wait_for<T>(what: impl Fn() -> Option<T>) -> Result<T, Error> {
	let begun = Instant::now();
	loop {
		match what() {
			Some(found) => return Ok(found),
			None if begun.elapsed() > PATIENCE => return Err("a database was not closed".into()),
			None => sleep(Duration::from_millis(100)),
		}
	}
}
