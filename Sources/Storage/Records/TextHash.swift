import Crypto
import FoundationEssentials

/// What a stored vector is found by: the SHA-256 of the text that it was made of.
enum TextHash {
    /// 32 bytes.
    static func of(_ text: String) -> Data {
        var hasher = SHA256()
        var text = text
        text.withUTF8 { hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return Data(hasher.finalize())
    }
}
