/// The files within a file of Microsoft's older programs.
enum CompoundFile {
    /// How each begins.
    static let mark: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
}
