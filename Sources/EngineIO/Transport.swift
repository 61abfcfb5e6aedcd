/// How a session's packets travel; the raw value is the `transport` query parameter.
package enum Transport: String, Sendable, CaseIterable {
    case polling
    case webSocket = "websocket"
}
