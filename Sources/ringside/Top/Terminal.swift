#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Standard output, where it is a screen.
enum Terminal {
    static var isScreen: Bool { isatty(STDOUT_FILENO) == 1 }

    /// As it is now: people resize windows. 80 by 24 where nobody knows.
    static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    static func clear() { write("\u{1B}[2J") }

    /// Puts lines over what stands there. Every line is cleared to its end and then the rest of the screen, so nothing flickers. The cursor is
    /// left below, where the shell goes on after an interrupt.
    static func redraw(_ lines: [String]) {
        write("\u{1B}[H" + lines.map { $0 + "\u{1B}[K\n" }.joined() + "\u{1B}[J")
    }

    private static func write(_ text: String) {
        print(text, terminator: "")
        flushOutput()
    }
}
