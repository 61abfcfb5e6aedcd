import Ingest
import Processing
import Testing

@Suite("E-mail", .timeLimit(.minutes(5)))
struct MailExtractionTests {
    private static func extract(_ mail: String) async throws -> ExtractedText {
        let scratch = try Scratch()
        let content = try scratch.file("a.eml", mail)
        return try await FileExtractor(program: Scratch.program).extract(content, mediaType: "message/rfc822")
    }

    @Test func headersAndTextAreDecoded() async throws {
        let text = try await Self.extract(
            """
            From: =?utf-8?q?J=C3=B6rg?= <joerg@example.org>\r
            To: "Ada, Countess" <ada@example.org>, b@example.org\r
            Date: Tue, 24 Nov 2026 10:30:00 +0100\r
            Subject: =?iso-8859-1?Q?Gr=FC=DFe?= =?utf-8?B?IGF1cyBLw7Zsbg==?=\r
            Content-Type: text/plain; charset=iso-8859-1\r
            Content-Transfer-Encoding: quoted-printable\r
            \r
            Sch=F6ne Gr=FC=DFe, a line that is=\r
             soft.\r
            \r
            Second paragraph.\r
            """
        )
        #expect(
            shown(text) == [
                "T Grüße aus Köln", "1 Grüße aus Köln",
                "C From: Jörg <joerg@example.org>⏎To: \"Ada, Countess\" <ada@example.org>, b@example.org"
                    + "⏎Date: 2026-11-24 10:30:00 +0100",
                "P Schöne Grüße, a line that is soft.", "P Second paragraph.",
            ]
        )
    }

    @Test func plainTextIsPreferredAndAttachmentsAreListed() async throws {
        let text = try await Self.extract(
            """
            From: a@example.org
            Subject: Report
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=outer

            --outer
            Content-Type: multipart/alternative; boundary=inner

            --inner
            Content-Type: text/plain

            The plain words.
            --inner
            Content-Type: text/html

            <p>The <b>dressed</b> words.</p>
            --inner--
            --outer
            Content-Type: application/pdf; name="report.pdf"
            Content-Disposition: attachment; filename="report.pdf"
            Content-Transfer-Encoding: base64

            aGVsbG8gd29ybGQ=
            --outer
            Content-Type: message/rfc822

            From: b@example.org
            Subject: Earlier
            Content-Type: text/html; charset=utf-8

            <h1>Old</h1><p>Forwarded words.</p>
            --outer--
            """
        )
        #expect(
            shown(text) == [
                "T Report", "1 Report", "C From: a@example.org", "P The plain words.", "3 Earlier",
                "C From: b@example.org", "1 Old", "P Forwarded words.",
                "C Attachment: report.pdf (application/pdf, 11 bytes)",
            ]
        )
    }

    /// Letters to many are sent with a plain text that nobody wrote.
    @Test(arguments: ["", " \n\t\n", "=C2=A0=20"])
    func alternativeWithoutWordsIsNotTaken(_ plain: String) async throws {
        let text = try await Self.extract(
            """
            Subject: News
            MIME-Version: 1.0
            Content-Type: multipart/alternative; boundary=inner

            --inner
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            \(plain)
            --inner
            Content-Type: text/html

            <p>The <b>dressed</b> words.</p>
            --inner--
            """
        )
        #expect(shown(text) == ["T News", "1 News", "P The dressed words."])
    }

    @Test func nestedMessagesEndSomewhere() async throws {
        let nested = String(repeating: "Subject: again\nContent-Type: message/rfc822\n\n", count: 5_000)
        do {
            let text = try await Self.extract(nested + "Subject: last\n\nend")
            #expect(text.blocks.count < 100)
        } catch let error as ExtractionError {
            #expect(error == .crashed(.mail))
        }
    }
}
