/// The access token of a pipeline, shared by all its requests.
actor AccessTokens {
    private let fetch: @Sendable () async throws -> (token: String, lifetime: Duration)
    private var lifetime = TokenLifetime()
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// - Parameter fetch: Gets a new token.
    init(fetch: @escaping @Sendable () async throws -> (token: String, lifetime: Duration)) {
        self.fetch = fetch
    }

    /// A token that lasts for a request.
    ///
    /// - Throws: What getting one threw; everybody who waited tries again, one after the other.
    func token() async throws -> String {
        while true {
            try Task.checkCancellation()
            switch self.lifetime.request(now: .now) {
            case .use(let token): return token
            case .useAndRenew(let token):
                // The old one still serves: a renewal that fails now is tried again by the next request.
                try? await self.renew()
                return token
            case .renew: try await self.renew()
            case .wait: await withCheckedContinuation { self.waiting.append($0) }
            }
        }
    }

    /// Google refused a request that carried this token.
    func reject(_ token: String) { self.lifetime.rejected(token) }

    private func renew() async throws {
        defer {
            for waiter in self.waiting { waiter.resume() }
            self.waiting = []
        }
        let now = ContinuousClock.now
        do {
            let (token, lifetime) = try await self.fetch()
            self.lifetime.renewed(token, lifetime: lifetime, now: now)
        } catch {
            self.lifetime.failed()
            throw error
        }
    }
}
