/// One metric with all of its samples.
///
/// Label values come from the configuration or from fixed sets, never from clients or documents: each value that is
/// new costs whoever collects the metrics a time series for good.
package struct MetricFamily: Equatable, Sendable {
    /// What may be done with a metric's values.
    package enum Kind: String, Sendable {
        /// Only grows, from 0 at the start of the process; its name ends with `_total`.
        case counter
        /// Goes up and down.
        case gauge
    }

    /// One value, told apart from the family's others by its labels.
    package struct Sample: Equatable, Sendable {
        package var labels: [Label]
        package var value: Double

        package init(_ labels: [Label] = [], _ value: Double) {
            self.labels = labels
            self.value = value
        }
    }

    /// A name and its value.
    package struct Label: Equatable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// With the unit in plural: `corpusd_socketio_received_bytes_total`.
    package let name: String
    package let kind: Kind
    /// One sentence for people.
    package let help: String
    package var samples: [Sample]

    package init(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    /// A metric of a single value.
    package init(_ name: String, _ kind: Kind, _ help: String, _ value: Int) {
        self.init(name, kind, help, [Sample([], Double(value))])
    }

    /// A metric by one label, whose values come in a fixed order.
    package init(_ name: String, _ kind: Kind, _ help: String, by label: String, _ values: [(String, Int)]) {
        self.init(name, kind, help, values.map { Sample([Label(label, $0.0)], Double($0.1)) })
    }
}
