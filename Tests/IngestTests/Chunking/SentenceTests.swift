import Ingest
import Testing

@Suite("Sentences, as chunks of one sentence each show them")
struct SentenceTests {
    struct Case: CustomTestStringConvertible {
        let sentences: [String]
        /// What stands between them.
        var separator = " "
        var testDescription: String { self.sentences.joined(separator: " ¦ ") }

        init(_ sentences: String..., separator: String = " ") {
            self.sentences = sentences
            self.separator = separator
        }
    }

    @Test(arguments: [
        Case("It rains.", "It pours!", "Does it?", "Yes"),
        Case("It rains.", "It pours.", separator: "\n"),
        Case("He said “Stop!” and went.", "She stayed (at home.)", "They slept."),
        Case("What?!", "Really...", "Yes…", "No."),
        Case("Pi is 3.14 or so.", "Version 2.0.1 is out."),
        Case("See example.com for it.", "Or not."),
        Case("Dr. Smith met Mr. Jones vs. Prof. Lee.", "They talked."),
        Case("J. R. R. Tolkien wrote it.", "It is long."),
        Case("The U.S. Army is there, e.g. Here.", "And so on."),
        Case("z. B. Äpfel gibt es usw. Und mehr.", "Ende."),
        Case("It is so, i.e. it was, etc. and more.", "Next."),
        Case("1. First point.", "2. Second point.", separator: "\n"),
        Case("It began in 1999.", "It ended."),
        Case("彼は来た。", "見た！", "勝った？", "「そうだ。」", "と言った。", separator: ""),
        Case("我来了。", "他说：“好。”", "走吧", separator: ""),
        Case("यह एक वाक्य है।", "यह दूसरा है॥"),
        Case("هل هذا سؤال؟", "نعم۔", "لا"),
        Case("Это первое.", "Это второе!"),
        Case("Ինչպես ես։", "Լավ եմ։"),
        Case("ይህ ነው።", "ሌላ።"),
        Case("One.\u{301} two three.", "Four."),
        Case("火。\u{FE00}", "水", separator: ""),
    ])
    func areFound(_ example: Case) {
        let text = example.sentences.joined(separator: example.separator)
        // Every sentence weighs as much as a chunk holds, and the whole is too much for one.
        let chunker = Chunker(limits: .init(size: 100, overlap: 0)) { part in
            example.sentences.contains { $0 == part } ? 100 : part.utf8.count > 0 ? 101 : 0
        }
        let whole = example.sentences.count == 1
        #expect(whole || chunker.chunks(of: ExtractedText(blocks: [paragraph(text)])).map(\.text) == example.sentences)
    }
}
