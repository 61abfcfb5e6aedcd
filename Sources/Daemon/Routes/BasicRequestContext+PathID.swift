import Hummingbird

extension BasicRequestContext {
    /// What stands in the place of `:id` in the path, decoded, which Hummingbird leaves to the route.
    var pathID: String { FormQuery.pathComponent(self.parameters.get("id") ?? "") }
}
