/// The name of a pipeline, from the configuration; unique within it and part of the wire format.
package struct PipelineID: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    package let rawValue: String
    package var description: String { self.rawValue }

    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// What kind of place a pipeline watches; the raw values are wire format and name the Socket.IO namespaces.
package enum PipelineType: String, Sendable, Codable, CaseIterable {
    case localFiles = "local_files"
    case googleDrive = "google_drive"
}

/// What never changes about a pipeline while the daemon runs.
package struct Pipeline: Hashable, Sendable {
    package let id: PipelineID
    package let type: PipelineType
    /// Time between two full checks of the source.
    package let checkInterval: Duration
    /// What is watched, for people: an absolute directory path, or a Drive folder id.
    package let watchLocation: String

    package init(id: PipelineID, type: PipelineType, checkInterval: Duration, watchLocation: String) {
        self.id = id
        self.type = type
        self.checkInterval = checkInterval
        self.watchLocation = watchLocation
    }
}
