import Glibc

/// What a program took, from its start to its end.
public struct Sample: Hashable, Sendable {
    public var seconds: Double
    /// User and system; nil where the program does more than what `seconds` counts.
    public var processorSeconds: Double?
    /// Largest resident memory; not less than the benchmark's own, which a child has until it runs its program.
    public var peakBytes: Int
}

/// A program that ran to its end.
struct Child {
    var sample: Sample
    var exitCode: Int32
    /// Its standard output.
    var output: String
    /// Its standard error.
    var errors: String

    /// Bytes of standard error that a message shows, the last ones.
    private static let shownErrorSize = 4_000

    /// Runs `command` (looked up in PATH where it has no `/`) with its output in files of `scratch`.
    ///
    /// - Parameters:
    ///   - name: what the files are called; files of that name are written anew.
    ///   - accepted: exit codes that are no failure.
    /// - Throws: ``BenchError`` E902 when it cannot be started, ends by a signal or with another code, with the end of
    ///   what it wrote to standard error.
    static func run(
        _ command: [String], environment: [String], scratch: String, name: String, accepting accepted: Set<Int32> = [0]
    ) throws -> Child {
        let output = "\(scratch)/\(name).out"
        let errors = "\(scratch)/\(name).err"
        let clock = ContinuousClock()
        let start = clock.now
        let process = try spawn(command, environment: environment, output: output, errors: errors)
        var status: Int32 = 0
        var usage = rusage()
        while wait4(process, &status, 0, &usage) < 0 {
            guard errno == EINTR else {
                throw BenchError(.child, "'\(command[0])' is lost: \(String(cString: strerror(errno)))")
            }
        }
        let sample = Sample(
            seconds: (clock.now - start) / .seconds(1), processorSeconds: usage.processorSeconds,
            peakBytes: usage.ru_maxrss * 1_024)
        let signal = status & 0x7F
        let exitCode = status >> 8 & 0xFF
        guard signal == 0, accepted.contains(exitCode) else {
            let end = signal == 0 ? "exit code \(exitCode)" : "signal \(signal)"
            throw BenchError(
                .child, "\(end): \(command.map(shortened).joined(separator: " "))\n" + tail(of: errors))
        }
        return Child(sample: sample, exitCode: exitCode, output: output, errors: errors)
    }

    private static func spawn(
        _ command: [String], environment: [String], output: String, errors: String
    ) throws -> pid_t {
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, output, flags, 0o644)
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, errors, flags, 0o644)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What this program ignores, a child would too.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        sigaddset(&signals, SIGXFSZ)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var arguments = command.map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var process: pid_t = 0
        let reason = posix_spawnp(&process, command[0], &files, &attributes, &arguments, &variables)
        guard reason == 0 else {
            throw BenchError(.child, "'\(command[0])' cannot be started: \(String(cString: strerror(reason)))")
        }
        return process
    }

    /// The texts of peers are pages long.
    private static func shortened(_ argument: String) -> String {
        argument.count <= 200 && !argument.contains("\n") ? argument : String(argument.prefix(20)) + "..."
    }

    private static func tail(of path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        lseek(file, max(0, lseek(file, 0, SEEK_END) - shownErrorSize), SEEK_SET)
        var bytes = [UInt8](repeating: 0, count: shownErrorSize)
        let count = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
        return printable(String(decoding: bytes[..<max(0, count)], as: UTF8.self))
    }
}

/// A program's message may hold anything; what a terminal would act on is left out.
func printable(_ text: String) -> String {
    String(
        String.UnicodeScalarView(
            text.unicodeScalars.filter { $0 == "\n" || $0.properties.generalCategory != .control }))
}

extension rusage {
    fileprivate var processorSeconds: Double {
        Double(ru_utime.tv_sec + ru_stime.tv_sec) + Double(ru_utime.tv_usec + ru_stime.tv_usec) / 1_000_000
    }
}
