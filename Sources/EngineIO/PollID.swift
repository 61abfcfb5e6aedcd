/// Tells one polling request of a session from another, so that a late event about the first never hits the second.
package struct PollID: Hashable, Sendable {
    private let number: Int

    /// Names the poll with this number.
    ///
    /// - Parameter number: Unique among the requests of one session.
    package init(_ number: Int) { self.number = number }
}
