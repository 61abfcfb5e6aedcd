package import FoundationEssentials
import Ingest
package import SocketIO

/// The wire contract's values as JSON: `docs/events.md` names every field.
///
/// A field that is not known is `null`, never absent.
package enum Wire {
    /// RFC 3339 in UTC with milliseconds, rounded as the store rounds them: `2026-11-22T18:00:14.420Z`.
    package static func time(_ date: Date) -> JSONValue {
        // The format style cuts off what is below a millisecond, and 0.467 may be a little less than that in binary.
        let milliseconds = (date.timeIntervalSince1970 * 1_000).rounded()
        let rounded = Date(timeIntervalSince1970: (milliseconds + 0.25) / 1_000)
        return .string(rounded.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }

    static func time(_ date: Date?) -> JSONValue { date.map { Self.time($0) } ?? .null }

    static func string(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

    static func int(_ number: Int?) -> JSONValue { number.map(JSONValue.int) ?? .null }

    /// Seconds, to the millisecond.
    static func seconds(_ seconds: Double?) -> JSONValue { seconds.map(Self.fraction) ?? .null }

    static func seconds(_ duration: Duration) -> JSONValue { Self.seconds(duration / .seconds(1)) }

    /// A number to three decimals.
    static func fraction(_ number: Double) -> JSONValue { .double((number * 1_000).rounded() / 1_000) }

    /// The fields that every payload carries.
    static func common(_ pipeline: Pipeline, at time: Date) -> [String: JSONValue] {
        [
            "pipeline_id": .string(pipeline.id.rawValue),
            "pipeline_type": .string(pipeline.type.rawValue),
            "timestamp": Self.time(time),
        ]
    }
}

extension [String: JSONValue] {
    /// These fields and others; where both name one, the others win.
    func with(_ others: [String: JSONValue]) -> [String: JSONValue] {
        self.merging(others) { _, other in other }
    }
}
