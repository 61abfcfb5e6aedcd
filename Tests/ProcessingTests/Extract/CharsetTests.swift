import FoundationEssentials
import Ingest
import Processing
import Testing

/// Texts that `iconv` of glibc wrote in other encodings, in base64.
@Suite("Encodings of text", .timeLimit(.minutes(5)))
struct CharsetTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        let text: String
        let encoded: String
        var testDescription: String { self.name }
    }

    static let cases = [
        Case(
            name: "ISO-8859-1",
            text: """
                Die Größe der Straße überrascht viele Gäste, denn früher war sie schöner. Über den Dächern\
                 hört man Glocken läuten.
                """,
            encoded: """
                RGllIEdy9t9lIGRlciBTdHJh32Ug/GJlcnJhc2NodCB2aWVsZSBH5HN0ZSwgZGVubiBmcvxoZXIgd2FyIHNpZSBzY2j2bmVy\
                LiDcYmVyIGRlbiBE5GNoZXJuIGj2cnQgbWFuIEdsb2NrZW4gbOR1dGVuLg==
                """),
        Case(
            name: "CP1252",
            text: "Preis 5 € für den „Müller“ in Köln, die Größe überrascht und früher war es schöner – so heißt es.",
            encoded: """
                UHJlaXMgNSCAIGb8ciBkZW4ghE38bGxlcpMgaW4gS/ZsbiwgZGllIEdy9t9lIPxiZXJyYXNjaHQgdW5kIGZy/GhlciB3YXIg\
                ZXMgc2No9m5lciCWIHNvIGhlad90IGVzLg==
                """),
        Case(
            name: "CP1251",
            text: """
                Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему\
                . Все смешалось в доме.
                """,
            encoded: """
                wvHlIPH34PHy6+ji++Ug8eXs/Ogg7+717uboIOTw8+Mg7eAg5PDz4+AsIOrg5uTg/yDt5fH34PHy6+ji4P8g8eXs/P8g7eXx\
                9+Dx8uvo4uAg7+4t8eLu5ezzLiDC8eUg8ezl+ODr7vH8IOIg5O7s5S4=
                """),
        Case(
            name: "KOI8-R",
            text: """
                Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему\
                . Все смешалось в доме.
                """,
            encoded: """
                99PFINPewdPUzMnX2cUg08XN2Mkg0M/Iz9bJIMTS1ccgzsEgxNLVx8EsIMvB1sTB0SDOxdPewdPUzMnXwdEg08XN2NEgzsXT\
                3sHT1MzJ18Eg0M8t09fPxc3VLiD308Ug083F28HMz9PYINcgxM/NxS4=
                """),
        Case(
            name: "CP866",
            text: """
                Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему\
                . Все смешалось в доме.
                """,
            encoded: """
                guGlIOHnoOHiq6ii66Ug4aWs7Kggr67lrqaoIKTg46MgraAgpODjo6AsIKqgpqSg7yCtpeHnoOHiq6iioO8g4aWs7O8graXh\
                56Dh4quooqAgr64t4aKupazjLiCC4aUg4ayl6KCrruHsIKIgpK6spS4=
                """),
        Case(
            name: "SHIFT-JIS",
            text: "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。何でも薄暗いじめじめした所でニャーニャー泣いていた。",
            encoded: """
                jOGUeYLNlEyCxYKggumBQpa8kU+CzYLcgr6Ws4KigUKCx4KxgsWQtoLqgr2CqYLGgvGCxoypk5aCqoLCgqmCyoFCib2CxYLg\
                lJaIw4KigraC34K2gt+CtYK9j4qCxYNqg4OBW4Nqg4OBW4uDgqKCxIKigr2BQg==
                """),
        Case(
            name: "EUC-JP",
            text: "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。何でも薄暗いじめじめした所でニャーニャー泣いていた。",
            encoded: """
                uOPH2qTPx62kx6SipOuho8y+wbCkz6TepMDMtaSkoaOkyaSzpMfAuKTspL+kq6TIpPOkyLirxfakrKTEpKukzKGjsr+kx6Ti\
                x/awxaSkpLik4aS4pOGkt6S/veqkx6XLpeOhvKXLpeOhvLXjpKSkxqSkpL+how==
                """),
        Case(
            name: "GB18030",
            text: "中国是世界上历史最悠久的国家之一。中国各族人民共同创造了光辉灿烂的文化，具有光荣的革命传统。",
            encoded: """
                1tC5+srHysC958nPwPrKt9fu08a+w7XEufq80tau0ruho9bQufq499flyMvD8bmyzay0tNTswcu54rvUstPAw7XEzsS7r6Os\
                vt/T0LniyNm1xLjvw/y0q82zoaM=
                """),
        Case(
            name: "BIG5",
            text: "臺灣位於亞洲東部，是太平洋西側的島嶼。人民使用繁體中文書寫，歷史文化豐富，科技產業發達。",
            encoded: """
                u0/GV6bsqfOoyKx3qkazoaFBrE+k06WtrHam6LC8qrquccCsoUOkSKXBqM+lzsFjxemkpKTlrtG8Z6FBvvqldqTlpMbC17RJ\
                oUGs7KfesqO3frVvuUahQw==
                """),
        Case(
            name: "EUC-KR",
            text: "모든 국민은 법 앞에 평등하다. 누구든지 성별 종교 또는 사회적 신분에 의하여 차별을 받지 아니한다.",
            encoded: """
                uPC15yCxubnOwLoguf0gvtW/oSDG8rXux8+02S4gtKmxuLXnwfYgvLq6sCDBvrGzILbHtMIgu+fIuMD7IL3FutC/oSDAx8fP\
                v6kgwve6sMC7ILnewfYgvsa0z8fRtNku
                """),
        Case(
            name: "CP1250",
            text: """
                Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni obd\
                arzeni rozumem i sumieniem.
                """,
            encoded: """
                V3N6eXNjeSBsdWR6aWUgcm9kerkgc2nqIHdvbG5pIGkgcvN3bmkgcG9kIHd6Z2zqZGVtIHN3ZWogZ29kbm+cY2kgaSBzd3lj\
                aCBwcmF3LiBTuSBvbmkgb2JkYXJ6ZW5pIHJvenVtZW0gaSBzdW1pZW5pZW0u
                """),
        Case(
            name: "ISO-8859-2",
            text:
                "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv. Jsou nadáni rozumem a svědomím.",
            encoded: """
                VrlpY2huaSBsaWTpIHJvZO0gc2Ugc3ZvYm9kbu0gYSBzb2LsIHJvdm7tIGNvIGRvIGT5c3Rvam5vc3RpIGEgcHLhdi4gSnNv\
                dSBuYWThbmkgcm96dW1lbSBhIHN27GRvbe1tLg==
                """),
        Case(
            name: "CP1253",
            text: """
                Ολοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα. Είναι \
                προικισμένοι με λογική.
                """,
            encoded: """
                z+vv6SDv6SDc7ejx+fDv6SDj5e3t6e/97fTh6SDl6+X96OXx7+kg6uHpIN/z7+kg8/Tn7SDh7unv8PHd8OXp4SDq4ekg9OEg\
                5Onq4en+7OH04S4gxd/t4ekg8PHv6erp8+zd7e/pIOzlIOvv4+nq3i4=
                """),
        Case(
            name: "CP1255",
            text: "כל בני אדם נולדו בני חורין ושווים בערכם ובזכויותיהם. כולם חוננו בתבונה ובמצפון",
            encoded: """
                6+wg4fDpIODj7SDw5ezj5SDh8Okg5+X46e8g5fnl5entIOHy+OvtIOXh5uvl6eX66eTtLiDr5eztIOfl8PDlIOH64eXw5CDl\
                4e729OXv
                """),
        Case(
            name: "CP1256",
            text: "يولد جميع الناس أحراراً متساوين في الكرامة والحقوق. وقد وهبوا عقلاً وضميراً وعليهم",
            encoded: """
                7ebhzyDM4+3aIMfh5MfTIMPN0cfRx/Ag48rTx+bt5CDd7SDH4d/Rx+PJIObH4c3e5t4uIObezyDm5cjmxyDa3uHH8CDm1uPt\
                0cfwIOba4e3l4w==
                """),
        Case(
            name: "CP1254",
            text: """
                Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana sahiptirl\
                er ve birbirlerine karşı.
                """,
            encoded: """
                Qvx0/G4gaW5zYW5sYXIgaPxyLCBoYXlzaXlldCB2ZSBoYWtsYXIgYmFr/W39bmRhbiBl/ml0IGRv8GFybGFyLiBBa/1sIHZl\
                IHZpY2RhbmEgc2FoaXB0aXJsZXIgdmUgYmlyYmlybGVyaW5lIGthcv79Lg==
                """),
        Case(
            name: "UTF-16LE",
            text: """
                Die Größe der Straße überrascht viele Gäste, denn früher war sie schöner. Über den Dächern\
                 hört man Glocken läuten.
                """,
            encoded: """
                RABpAGUAIABHAHIA9gDfAGUAIABkAGUAcgAgAFMAdAByAGEA3wBlACAA/ABiAGUAcgByAGEAcwBjAGgAdAAgAHYAaQBlAGwA\
                ZQAgAEcA5ABzAHQAZQAsACAAZABlAG4AbgAgAGYAcgD8AGgAZQByACAAdwBhAHIAIABzAGkAZQAgAHMAYwBoAPYAbgBlAHIA\
                LgAgANwAYgBlAHIAIABkAGUAbgAgAEQA5ABjAGgAZQByAG4AIABoAPYAcgB0ACAAbQBhAG4AIABHAGwAbwBjAGsAZQBuACAA\
                bADkAHUAdABlAG4ALgA=
                """),
        Case(
            name: "UTF-16BE",
            text: """
                Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему\
                . Все смешалось в доме. Oh.\n Oh.\n Oh.\n Oh.\n Oh.\n Oh.\n Oh.\n Oh.\n Oh.\n Oh.\n Oh.\n \
                Oh.\n Oh.\n Oh.\n Oh.\n Oh.\n Oh.\n Oh.\n Oh.\n Oh.\n Oh.\n Oh.\n Oh.\n Oh.\n Oh.\n Oh.\n \
                Oh.\n Oh.\n Oh.\n Oh.
                """,
            encoded: """
                BBIEQQQ1ACAEQQRHBDAEQQRCBDsEOAQyBEsENQAgBEEENQQ8BEwEOAAgBD8EPgRFBD4ENgQ4ACAENARABEMEMwAgBD0EMAAg\
                BDQEQARDBDMEMAAsACAEOgQwBDYENAQwBE8AIAQ9BDUEQQRHBDAEQQRCBDsEOAQyBDAETwAgBEEENQQ8BEwETwAgBD0ENQRB\
                BEcEMARBBEIEOwQ4BDIEMAAgBD8EPgAtBEEEMgQ+BDUEPARDAC4AIAQSBEEENQAgBEEEPAQ1BEgEMAQ7BD4EQQRMACAEMgAg\
                BDQEPgQ8BDUALgAgAE8AaAAuAAoAIABPAGgALgAKACAATwBoAC4ACgAgAE8AaAAuAAoAIABPAGgALgAKACAATwBoAC4ACgAg\
                AE8AaAAuAAoAIABPAGgALgAKACAATwBoAC4ACgAgAE8AaAAuAAoAIABPAGgALgAKACAATwBoAC4ACgAgAE8AaAAuAAoAIABP\
                AGgALgAKACAATwBoAC4ACgAgAE8AaAAuAAoAIABPAGgALgAKACAATwBoAC4ACgAgAE8AaAAuAAoAIABPAGgALgAKACAATwBo\
                AC4ACgAgAE8AaAAuAAoAIABPAGgALgAKACAATwBoAC4ACgAgAE8AaAAuAAoAIABPAGgALgAKACAATwBoAC4ACgAgAE8AaAAu\
                AAoAIABPAGgALgAKACAATwBoAC4=
                """),
        Case(
            name: "UTF-32LE",
            text: """
                Die Größe der Straße überrascht viele Gäste, denn früher war sie schöner. Über den Dächern\
                 hört man Glocken läuten.
                """,
            encoded: """
                RAAAAGkAAABlAAAAIAAAAEcAAAByAAAA9gAAAN8AAABlAAAAIAAAAGQAAABlAAAAcgAAACAAAABTAAAAdAAAAHIAAABhAAAA\
                3wAAAGUAAAAgAAAA/AAAAGIAAABlAAAAcgAAAHIAAABhAAAAcwAAAGMAAABoAAAAdAAAACAAAAB2AAAAaQAAAGUAAABsAAAA\
                ZQAAACAAAABHAAAA5AAAAHMAAAB0AAAAZQAAACwAAAAgAAAAZAAAAGUAAABuAAAAbgAAACAAAABmAAAAcgAAAPwAAABoAAAA\
                ZQAAAHIAAAAgAAAAdwAAAGEAAAByAAAAIAAAAHMAAABpAAAAZQAAACAAAABzAAAAYwAAAGgAAAD2AAAAbgAAAGUAAAByAAAA\
                LgAAACAAAADcAAAAYgAAAGUAAAByAAAAIAAAAGQAAABlAAAAbgAAACAAAABEAAAA5AAAAGMAAABoAAAAZQAAAHIAAABuAAAA\
                IAAAAGgAAAD2AAAAcgAAAHQAAAAgAAAAbQAAAGEAAABuAAAAIAAAAEcAAABsAAAAbwAAAGMAAABrAAAAZQAAAG4AAAAgAAAA\
                bAAAAOQAAAB1AAAAdAAAAGUAAABuAAAALgAAAA==
                """),
        Case(
            name: "UTF-32BE",
            text: "臺灣位於亞洲東部，是太平洋西側的島嶼。人民使用繁體中文書寫，歷史文化豐富，科技產業發達。",
            encoded: """
                AACB+gAAcGMAAE9NAABlvAAATp4AAG0yAABncQAAkOgAAP8MAABmLwAAWSoAAF5zAABtCwAAiX8AAFB0AAB2hAAAXPYAAF28\
                AAAwAgAATroAAGwRAABPfwAAdSgAAH5BAACa1AAATi0AAGWHAABm+AAAW+sAAP8MAABrdwAAU/IAAGWHAABTFgAAjFAAAFvM\
                AAD/DAAAedEAAGKAAAB1IgAAaW0AAHZ8AACQVAAAMAI=
                """),
    ]

    private static let extractor = FileExtractor(program: Scratch.program)

    @Test(arguments: Self.cases)
    func isFound(_ example: Case) async throws {
        let bytes = try #require(Data(base64Encoded: example.encoded))
        let scratch = try Scratch()
        let content = try scratch.file("a.txt", bytes)
        #expect(
            try await Self.extractor.identify(content, name: "a.txt") == .supported(mediaType: "text/plain"))
        let text = try await Self.extractor.extract(content, mediaType: "text/plain")
        #expect(text.blocks.map(\.text).joined(separator: "\n") == example.text)
    }

    @Test func markOfAnEditorCounts() async throws {
        // Four Cyrillic letters that nobody could tell from others.
        let bytes = Array("# -*- coding: koi8-r -*-\ns = '".utf8) + [0xD4, 0xC5, 0xD3, 0xD4] + Array("'\n".utf8)
        let scratch = try Scratch()
        let content = try scratch.file("a.py", bytes)
        let text = try await Self.extractor.extract(content, mediaType: "text/x-python")
        #expect(text.blocks.map(\.text) == ["# -*- coding: koi8-r -*-\ns = 'тест'"])
    }

    @Test func codeInAnOldEncodingKeepsItsLines() async throws {
        let bytes = Array("int main() {\n    // gr".utf8) + [0xFC, 0xDF, 0x65] + Array("\n    return 0;\n}\n".utf8)
        let scratch = try Scratch()
        let content = try scratch.file("a.c", bytes)
        let text = try await Self.extractor.extract(content, mediaType: "text/x-c")
        #expect(shown(text) == ["C int main() {⏎    // grüße⏎    return 0;⏎}"])
    }
}
