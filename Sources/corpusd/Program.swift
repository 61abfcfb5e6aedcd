import ArgumentParser
import Glibc
import Processing

/// Where the program begins.
@main
enum Program {
    static func main() async {
        // A child that parses an untrusted document does nothing else, and does it before anything is set up.
        if CommandLine.arguments.dropFirst().first == ExtractionChild.subcommand {
            exit(ExtractionChild.run(arguments: CommandLine.arguments.dropFirst(2)))
        }
        await Corpusd.main()
    }
}
