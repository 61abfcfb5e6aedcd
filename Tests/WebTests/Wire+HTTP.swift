/// An HTTP response as it came.
struct HTTPAnswer: Sendable {
    let status: Int
    let headers: [String: String]
    let body: String
}

extension Wire {
    /// Sends a request and waits for its response.
    func request(
        _ method: String,
        _ target: String,
        headers: [String: String] = [:],
        body: String? = nil
    ) async throws -> HTTPAnswer {
        self.sendRequest(method, target, headers: headers, body: body)
        return try await self.answer(hasBody: method != "HEAD")
    }

    /// Sends a request.
    func sendRequest(_ method: String, _ target: String, headers: [String: String] = [:], body: String? = nil) {
        var text = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if let body { text += "Content-Length: \(body.utf8.count)\r\n" }
        self.send(text + "\r\n" + (body ?? ""))
    }

    /// Waits for a response.
    func answer(hasBody: Bool = true) async throws -> HTTPAnswer {
        try await self.read("an HTTP response") { bytes, _ in
            guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
            var lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
            let status = lines.removeFirst().split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            var headers: [String: String] = [:]
            for line in lines {
                let parts = line.split(separator: ":", maxSplits: 1)
                headers[parts[0].lowercased()] = parts.dropFirst().first?.drop { $0 == " " }.description
            }
            let length = hasBody && status != 304 ? headers["content-length"].flatMap { Int($0) } ?? 0 : 0
            guard bytes.count - end.upperBound >= length else { return nil }
            let body = String(decoding: bytes[end.upperBound..<(end.upperBound + length)], as: UTF8.self)
            bytes.removeFirst(end.upperBound + length)
            return HTTPAnswer(status: status, headers: headers, body: body)
        }
    }
}
