/// Why the parts of a packed document cannot be read.
package enum PackageError: Error, Equatable {
    /// It is no ZIP file, is cut off, or holds XML that is not well-formed.
    case damaged
    case encrypted
    /// It grows beyond all measure when it is unpacked.
    case expandsTooMuch
    case outOfMemory
}
