//! What a new file takes over from the file that it replaces, besides its name: owner, group, mode, access control list
//! (ACL) and extended attributes.

use super::fs::again;
use std::fs::{File, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
use std::path::Path;

/// To call before the empty new file at `beside`, open as `new`, is written: copies what only a copy of the whole file
/// takes over, which is the ACL and the attributes on macOS. The new file is empty and its owner's alone after.
///
/// # Errors
/// As copyfile(3).
pub fn prepare(path: &Path, beside: &Path, new: &File) -> io::Result<()> {
    if cfg!(target_vendor = "apple") {
        again(|| std::fs::copy(path, beside))?;
        again(|| new.set_len(0))?;
        again(|| new.set_permissions(Permissions::from_mode(0o600)))?;
    }
    Ok(())
}

/// To call after the new file is written, so that only its owner could read a part of it: gives it what the file at
/// `path`, described by `old`, has. If this process may not give it the group, the other group gets only what
/// everyone has.
///
/// # Errors
/// As fchown(2), fsetxattr(2) and fchmod(2).
pub fn take_over(path: &Path, old: &Metadata, new: &File) -> io::Result<()> {
    let about = again(|| new.metadata())?;
    let mut mode = old.mode() & 0o7777;
    if about.uid() != old.uid() {
        again(|| fchown(new, Some(old.uid()), None))?;
    }
    if about.gid() != old.gid() {
        match again(|| fchown(new, None, Some(old.gid()))) {
            Err(e) if e.kind() == io::ErrorKind::PermissionDenied => {
                mode = (mode & !0o2070) | (mode & (mode & 0o007) << 3);
            }
            result => result?,
        }
    }
    #[cfg(target_os = "linux")]
    extended::copy(path, new)?;
    #[cfg(not(target_os = "linux"))]
    let _ = path;
    // Last: with an ACL, the bits of the group are its mask.
    again(|| new.set_permissions(Permissions::from_mode(mode)))
}

/// Extended attributes, of which the ACL is one. Security labels are those of a new file.
#[cfg(target_os = "linux")]
mod extended {
    use super::again;
    use rustix::fs::{XattrFlags, fremovexattr, fsetxattr, getxattr, listxattr, listxattr_query};
    use rustix::io::Errno;
    use std::fs::File;
    use std::io;
    use std::path::Path;

    const ACL: &[u8] = b"system.posix_acl_access";

    /// The kernel's limit of a list and of a value, in bytes.
    const LIMIT: usize = 1 << 16;

    fn is(error: &io::Error, any: &[Errno]) -> bool {
        Errno::from_io_error(error).is_some_and(|errno| any.contains(&errno))
    }

    pub(super) fn copy(path: &Path, new: &File) -> io::Result<()> {
        let mut names = Vec::new();
        match again(|| Ok(listxattr_query(path)?)) {
            Ok(0) => {}
            Ok(_) => {
                names.resize(LIMIT, 0);
                let length = again(|| Ok(listxattr(path, &mut names[..])?))?;
                names.truncate(length);
            }
            Err(e) if is(&e, &[Errno::NOTSUP, Errno::NOSYS]) => {}
            Err(e) => return Err(e),
        }
        let mut acl = false;
        for name in names.split(|b| *b == 0) {
            if name == ACL || name.starts_with(b"user.") {
                let mut value = vec![0; LIMIT];
                match again(|| Ok(getxattr(path, name, &mut value[..])?)) {
                    Ok(length) => value.truncate(length),
                    Err(e) if is(&e, &[Errno::NODATA]) => continue,
                    Err(e) => return Err(e),
                }
                again(|| Ok(fsetxattr(new, name, &value, XattrFlags::empty())?))?;
                acl |= name == ACL;
            }
        }
        if !acl {
            // The directory may have given one to the new file, which would let in whom the old file kept out.
            match again(|| Ok(fremovexattr(new, ACL)?)) {
                Err(e) if !is(&e, &[Errno::NODATA, Errno::NOTSUP, Errno::NOSYS]) => return Err(e),
                _ => {}
            }
        }
        Ok(())
    }
}
