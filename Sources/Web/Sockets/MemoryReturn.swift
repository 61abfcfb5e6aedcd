import CMalloc
import NIOCore
import NIOPosix
import Synchronization

/// Gives memory back to the system after many clients have left; malloc keeps it otherwise.
final class MemoryReturn: Sendable {
    /// Sessions that have to end before it is worth the walk through the heap: some 4 MB.
    private static let threshold = 512
    /// Whoever leaves at the same time leaves within this.
    private static let delay = TimeAmount.seconds(2)

    private let ended = Atomic<Int>(0)

    /// Counts a session that ended; on its event loop.
    func sessionEnded(on eventLoop: any EventLoop) {
        guard self.ended.wrappingAdd(1, ordering: .relaxed).newValue == Self.threshold else { return }
        eventLoop.scheduleTask(in: Self.delay) {
            self.ended.store(0, ordering: .relaxed)
            // It takes milliseconds and locks one arena after the other: nothing for an event loop.
            NIOThreadPool.singleton.submit { _ in malloc_trim(0) }
        }
    }
}
