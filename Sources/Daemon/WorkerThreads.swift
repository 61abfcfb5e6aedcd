import NIOPosix

/// Threads of our own for the workers: chunking a large text takes seconds and must not hold up everyone else.
package final class WorkerThreads: TaskExecutor {
    private let pool: NIOThreadPool

    /// Starts the threads, which live as long as the process.
    ///
    /// - Parameter count: One for each worker, 1 or more.
    package init(count: Int) {
        self.pool = NIOThreadPool(numberOfThreads: count)
        self.pool.start()
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = self.asUnownedTaskExecutor()
        self.pool.submit { _ in job.runSynchronously(on: executor) }
    }
}
