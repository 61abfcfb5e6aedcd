extension BlockFrame {
    init(_ output: HTMLBlockBuilder.Output) {
        switch output {
        case .title(let title): self = .title(title)
        case .block(let kind, let text): self = .block(kind, text)
        }
    }
}
